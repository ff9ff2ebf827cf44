"""What can be wrong on the venue's own machine: folder, disk, settings, keys, export, timer."""

from types import MappingProxyType
from typing import Final

from venue_agent.doctor.finding import Cause, State
from venue_agent.words import mark

HERE: Final = MappingProxyType(
    {
        "python-old": Cause(
            "versions", State.FAILED,
            mark("Python {found}"),
            mark("Python {wanted} or newer"),
            mark("Install a newer Python, then the agent again with it."),
        ),
        "part-missing": Cause(
            "versions", State.FAILED,
            mark("a part of the agent is not installed: {names}"),
            mark("all that the agent is made of"),
            mark('Install the agent again with its extra: `uv tool install --force "farandole[agent]"`.'),
        ),
        "home-newer": Cause(
            "versions",
            State.FAILED,
            mark("a newer agent, {agent}, has written in this folder (format {found})"),
            mark("a folder of format {known} or older"),
            mark("Install version {agent} or a later one: an older agent must not write there."),
        ),
        "check-broken": Cause(
            "versions", State.FAILED,
            mark("the check « {what} » could not be made: {error}"),
            mark("a check that ends"),
            mark("Send this line to whoever looks after the network: it holds no personal data."),
        ),
        "folder-missing": Cause(
            "folder", State.FAILED,
            mark("{folder} is not there"),
            mark("the agent's folder"),
            mark("Make it: `{command}`. Or give the right one with --home."),
        ),
        "folder-closed": Cause(
            "folder", State.FAILED,
            mark("{user} may not write in {folder}"),
            mark("a folder that belongs to the account under which the agent runs"),
            mark("Run the agent as the folder's owner, or give the folder to this account: `{command}`."),
        ),
        "folder-open": Cause(
            "folder", State.FAILED,
            mark("others may read {path} ({found})"),
            mark("what the agent keeps is the venue's alone"),
            mark("Type: `{command}`"),
        ),
        "disk-short": Cause(
            "disk", State.FAILED,
            mark("{free} free on the disk of {folder}"),
            mark("{needed} for the next export"),
            mark("Free some space, or move the agent's folder to a larger disk and name it with --home."),
        ),
        "not-joined": Cause(
            "settings", State.WARNING,
            mark("this venue has not joined a network yet (no agent.toml in {folder})"),
            mark("the settings that `init` writes"),
            mark("When the invitation is here: `venue-agent init`"),
        ),
        "settings-broken": Cause(
            "settings", State.FAILED,
            mark("{error}"),
            mark("settings that can be read"),
            mark("Correct agent.toml by hand, or restore it from a backup."),
        ),
        "left": Cause(
            "settings", State.WARNING,
            mark("this venue has left the network"),
            mark("a venue that takes part"),
            mark("To come back, join with a new code from an empty folder. Else: `venue-agent uninstall`"),
        ),
        "key-missing": Cause(
            "keys", State.FAILED,
            mark("no signing key in a credential, the keyring or {folder}"),
            mark("the key that `init` made"),
            mark("Restore the key from a backup; if it is lost, ask the network for a new code and run `venue-agent init` again."),
        ),
        "key-exposed": Cause(
            "keys", State.FAILED,
            mark("others may read {path} ({found})"),
            mark("a key that nobody else reads"),
            mark("Type: `{command}`. If others did log in here, ask the network to renew the venue's key."),
        ),
        "key-damaged": Cause(
            "keys", State.FAILED,
            mark("{error}"),
            mark("a key of 32 bytes"),
            mark("Restore the folder keys/ from a backup; if it is lost, ask the network for a new code."),
        ),
        "keyring-silent": Cause(
            "keys", State.FAILED,
            mark("the key is in a keyring that this session cannot open ({error})"),
            mark("the session of whoever put it there, unlocked"),
            mark("Log in as that user; if the agent must run without anybody, type in that session: `venue-agent keys move --to file`"),
        ),
        "key-twice": Cause(
            "keys", State.WARNING,
            mark("two different keys: the one of the {used} is used, {other} holds another"),
            mark("one key"),
            mark("If the agent works, remove the other; if not, the wrong one is used: call the network before you remove any."),
        ),
        "mapping-missing": Cause(
            "mapping", State.WARNING,
            mark("no mapping yet ({file})"),
            mark("what each column of the export means"),
            mark("Make it from an export: `venue-agent map FILE`"),
        ),
        "mapping-broken": Cause(
            "mapping", State.FAILED,
            mark("{error}"),
            mark("a mapping that can be read"),
            mark("Correct {file}, or make it again: `venue-agent map FILE`"),
        ),
        "layout-changed": Cause(
            "mapping", State.FAILED,
            mark("{error}"),
            mark("the columns that the mapping names"),
            mark("Export as before, or map the new layout: `venue-agent map FILE`"),
        ),
        "layout-new": Cause(
            "mapping", State.WARNING,
            mark("{change}"),
            mark("the same columns as last time"),
            mark("Nothing to do if that was meant: what the mapping does not name is not read."),
        ),
        "export-missing": Cause(
            "export", State.WARNING,
            mark("no export called {pattern} in {folder}"),
            mark("the box office's export"),
            mark("Export it there, or correct `pattern` in {file}."),
        ),
        "export-unreadable": Cause(
            "export", State.FAILED,
            mark("{error}"),
            mark("an export that can be read"),
            mark("Export it again from the box office; if it stays so, map it again: `venue-agent map FILE`"),
        ),
        "export-old": Cause(
            "export", State.WARNING,
            mark("{file} is {days} days old"),
            mark("an export of this week"),
            mark("See why the box office no longer exports: its own scheduled task, its disk, its password."),
        ),
        "consent-old": Cause(
            "consent", State.FAILED,
            mark("{file} is {hours} h older than the ticket export"),
            mark("24 h at most: people may have changed their mind since"),
            mark("Export both again, the contacts last."),
        ),
        "consent-missing": Cause(
            "consent", State.FAILED,
            mark("no file called {pattern} in {folder}"),
            mark("the file that holds people's yes and no"),
            mark("Export it there from the newsletter tool, or correct `pattern` in {file}."),
        ),
        "catalogue-missing": Cause(
            "catalogue", State.WARNING,
            mark("no {file}"),
            mark("the venue's public events"),
            mark("Without it, no event leaves by name. To name them, write {file} (see the reference of the mapping)."),
        ),
        "catalogue-broken": Cause(
            "catalogue", State.FAILED,
            mark("{error}"),
            mark("a catalogue that can be read"),
            mark("Correct {file}, or move it away: then no event leaves by name."),
        ),
        "policy-broken": Cause(
            "audiences", State.FAILED,
            mark("{error}"),
            mark("a policy that can be read"),
            mark("Correct {file}, or move it away: then no partner's order is run."),
        ),
        "audience-files-old": Cause(
            "audiences", State.WARNING,
            mark("files of people for partners' orders are here after their day"),
            mark("files that go when their days are over"),
            mark("Erase them: `venue-agent run`. Erase in your e-mailing tool what it imported of them, too."),
        ),
        "never-run": Cause(
            "schedule", State.WARNING,
            mark("scheduled, and not run yet"),
            mark("one run a day"),
            mark("Wait for the first one, or start it now: `venue-agent run`"),
        ),
        "timer-missing": Cause(
            "schedule",
            State.WARNING,
            mark("no timer or task starts this agent"),
            mark("one run a day"),
            mark("Have it run by itself: `venue-agent schedule --install`"),
        ),
        "run-late": Cause(
            "schedule", State.WARNING,
            mark("the last run was {days} days ago"),
            mark("one run a day"),
            mark("See whether the timer is on (`systemctl list-timers`, or the Task Scheduler), or run `venue-agent schedule --install` again."),
        ),
        "run-failed": Cause(
            "schedule", State.FAILED,
            mark("the last run, on {day}, ended with exit code {code}"),
            mark("exit code 0"),
            mark("Run it by hand and read what it says: `venue-agent run`"),
        ),
    }
)  # fmt: skip
