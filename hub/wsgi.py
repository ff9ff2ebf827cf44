"""What gunicorn loads: the web process over the settings file named in FARANDOLE_WEB_CONFIG, its pages drawn ahead."""

import os
from pathlib import Path

from hub.app import create_app
from hub.config import WebConfig
from hub.store.database import open_control
from hub.web import ahead

_config = WebConfig.load(Path(os.environ.get("FARANDOLE_WEB_CONFIG", "web.toml")))
_control = open_control(_config.url(_config.control_url))
app = create_app(_config, control=_control)
ahead.start(app, _control.published())
