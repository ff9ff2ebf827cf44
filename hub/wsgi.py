"""What gunicorn loads: the web process over the settings file named in FARANDOLE_WEB_CONFIG."""

import os
from pathlib import Path

from hub.app import create_app
from hub.config import WebConfig

app = create_app(WebConfig.load(Path(os.environ.get("FARANDOLE_WEB_CONFIG", "web.toml"))))
