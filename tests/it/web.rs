//! The pages as a browser asks for them, over HTTP, made from an evening that was kept.

mod evening;
mod limits;
mod pages;
