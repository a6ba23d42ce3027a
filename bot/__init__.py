"""The doors: web chat, Telegram and terminal, each translating to and from the handlers."""
