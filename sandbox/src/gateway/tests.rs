//! A gateway client by hand.
