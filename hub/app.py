"""The web process: the intake and the public pages over one control database, without a vault key."""

from flask import Flask

from contracts.clock import Clock, SystemClock
from hub.config import WebConfig
from hub.receive import Inbox
from hub.store.database import Control, open_control
from hub.web import headers, intake, observatory, problems, widget
from hub.web.authentication import Gate
from hub.web.office.door import mount
from hub.web.partners import routes as partners


def create_app(
    config: WebConfig, clock: Clock | None = None, control: Control | None = None
) -> Flask:
    """Return the WSGI application of one hub.

    Raises:
        ConfigError: the control database's URL cannot be used, or the secret of an outside directory cannot be read.
    """
    clock = clock or SystemClock()
    control = control or open_control(config.url(config.control_url))
    folder = Inbox(root=config.at(config.inbox), max_part_bytes=config.max_part_bytes)
    folder.sweep(clock.now())
    app = Flask("hub.web")
    app.config["MAX_CONTENT_LENGTH"] = None  # each view has a bound of its own
    app.url_map.merge_slashes = False  # a redirection would name the Host that the request claims
    headers.install(app)
    problems.install(app)
    gate = Gate(control=control, public_url=config.public_url, clock=clock)
    intake.install(app, intake.Intake(gate=gate, folder=folder, hub_key=config.signing_key))
    partners.install(app, control, clock, config.public_url, config.at(config.sandboxes))
    observatory.install(app, control.published(), config.at(config.reports))
    widget.install(app, control.published(), config.public_url)
    mount(app, config, control, clock)
    return app
