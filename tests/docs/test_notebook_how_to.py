"""The how-to for notebooks is true: its blocks run, in order, against a live site with the sample edition."""

import doctest
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pandas as pd
import pytest
from flask import Flask
from werkzeug.serving import make_server

from hub.web import observatory
from tests.support import sample_edition as sample

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "analyser-dans-un-carnet.md"
BLOCK = re.compile(r"^```pycon\n(.*?)^```$", re.DOTALL | re.MULTILINE)
STANDS_FOR = "https://hub.exemple.fr"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    app = Flask("test")
    observatory.install(app, sample.Shelf(sample.published(), charter=sample.charter()))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_every_block_runs_and_prints_what_the_page_says(url: str) -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert len(blocks) >= 6
    told = "\n".join(blocks).replace(STANDS_FOR, url)
    examples = doctest.DocTestParser().get_doctest(told, {}, PAGE.name, str(PAGE), 0)
    runner = doctest.DocTestRunner(verbose=False)
    said: list[str] = []
    with pd.option_context("display.width", 200, "display.max_columns", 20):
        runner.run(examples, out=said.append)
    assert runner.failures == 0, "".join(said)
