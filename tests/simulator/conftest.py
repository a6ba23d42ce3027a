"""The simulator over one desk, with an editor and her draft."""

from tests.console.conftest import app as app
from tests.console.conftest import built as built
from tests.console.conftest import desk as desk
from tests.console.conftest import time as time
from tests.console.conftest import transport as transport
from tests.trees_console.conftest import ann as ann
