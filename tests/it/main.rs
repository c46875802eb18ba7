//! The one integration binary; each module is one layer of tests.

mod mail;
