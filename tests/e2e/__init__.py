"""The whole system as its users meet it: real process, real HTTP, fake messengers."""
