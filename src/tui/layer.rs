//! What lies on top of the screen: values on a stack, never fields of the app.

use super::widgets::ask::Ask;
use super::widgets::form::Form;
use super::widgets::help::Help;
use super::widgets::menu::Menu;
use super::widgets::message::Message;
use super::widgets::palette::Palette;

/// One layer. The topmost takes all keys.
#[derive(Debug, Clone)]
pub enum Layer {
    /// A question; it carries what the answers do.
    Ask(Ask),
    /// A form.
    Form(Form),
    /// A short list.
    Menu(Menu),
    /// All commands by typing.
    Palette(Palette),
    /// All keys.
    Help(Help),
    /// Something to read.
    Message(Message),
}
