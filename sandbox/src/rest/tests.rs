//! A REST client by hand.
