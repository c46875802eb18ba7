//! Text that nobody here wrote, from sign-up to screen, command line, file and mail: it is kept as given, and not one
//! byte of it acts on a terminal, a spreadsheet or a mail reader.

mod corpus;
mod lines;
mod mails;
mod office;
mod screens;
mod watch;
