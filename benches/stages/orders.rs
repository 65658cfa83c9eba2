//! How the parent and its processes understand each other: orders come by standard input, one a
//! line, and end with it; answers leave by standard output.

use crate::usage::Usage;
use std::io::BufRead;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// Orders that may wait.
const ORDERS_LIMIT: usize = 16;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// From here on it counts.
    Begin,
    /// Say what there was since.
    End,
    /// Nobody listens any more.
    Over,
}

#[derive(Debug)]
pub(crate) struct Orders(Receiver<Order>);

impl Orders {
    pub(crate) fn listen() -> Orders {
        let (sender, orders) = sync_channel(ORDERS_LIMIT);
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                let order = if line == "begin" {
                    Order::Begin
                } else {
                    Order::End
                };
                if sender.send(order).is_err() {
                    break;
                }
            }
        });
        Orders(orders)
    }

    /// The next order, if it comes in time.
    pub(crate) fn next(&self, patience: Duration) -> Option<Order> {
        match self.0.recv_timeout(patience) {
            Ok(order) => Some(order),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Order::Over),
        }
    }
}

/// What every sending process does about its orders.
#[derive(Debug)]
pub(crate) struct Sending(Usage);

impl Sending {
    /// Says that all stages play.
    pub(crate) fn begin() -> Sending {
        println!("playing");
        Sending(Usage::now())
    }

    /// True when all is over.
    pub(crate) fn follow(&mut self, order: Option<Order>) -> anyhow::Result<bool> {
        match order {
            Some(Order::Begin) => self.0 = Usage::now(),
            Some(Order::End) => {
                let used = Usage::now().since(self.0);
                println!("{}", serde_json::to_string(&used)?);
            }
            Some(Order::Over) => return Ok(true),
            None => {}
        }
        Ok(false)
    }
}
