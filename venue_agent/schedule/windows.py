"""The same as a task of the Windows Task Scheduler: its definition in XML, for ``schtasks /Create /XML``."""

import datetime as dt
import subprocess
from typing import Final
from xml.etree import ElementTree as ET

from venue_agent.schedule.job import SPREAD_MINUTES, Job

NAME: Final = r"\Farandole\venue-agent"
FILE: Final = "venue-agent.xml"
NAMESPACE: Final = "http://schemas.microsoft.com/windows/2004/02/mit/task"
SINCE: Final = dt.date(2025, 1, 1)  # any past day: the time of day is what counts


def task(job: Job) -> bytes:
    """Return the definition, UTF-16 as ``schtasks`` reads it; elements in the order of [MS-TSCH] 2.5.

    The account is named when the task is created: its password is asked there and kept by Windows.
    """
    root = ET.Element("Task", version="1.2", xmlns=NAMESPACE)
    about = _in(root, "RegistrationInfo")
    _in(about, "Description", "Farandole: la tournée du jour de l'agent")
    _in(about, "URI", NAME)
    trigger = _in(_in(root, "Triggers"), "CalendarTrigger")
    _in(trigger, "Enabled", "true")
    _in(trigger, "StartBoundary", dt.datetime.combine(SINCE, job.at).isoformat())
    _in(trigger, "RandomDelay", f"PT{SPREAD_MINUTES}M")
    _in(_in(trigger, "ScheduleByDay"), "DaysInterval", "1")
    principal = _in(_in(root, "Principals"), "Principal", id="Author")
    _in(principal, "LogonType", "Password")  # so that the account's own keyring opens at night
    _in(principal, "RunLevel", "LeastPrivilege")
    settings = _in(root, "Settings")
    for name, value in _SETTINGS.items():
        _in(settings, name, value)
    action = _in(_in(root, "Actions", Context="Author"), "Exec")
    command, *words = job.command
    _in(action, "Command", command)
    words += ["--home", str(job.home), "--lang", job.language]
    _in(action, "Arguments", subprocess.list2cmdline(words))
    _in(action, "WorkingDirectory", str(job.home))
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-16", xml_declaration=True)
    return text


_SETTINGS: Final = {
    "MultipleInstancesPolicy": "IgnoreNew",
    "DisallowStartIfOnBatteries": "false",
    "StopIfGoingOnBatteries": "false",
    "StartWhenAvailable": "true",  # a night without power is caught up
    "RunOnlyIfNetworkAvailable": "true",
    "ExecutionTimeLimit": "PT6H",
    "Priority": "7",
}


def _in(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, name, attributes)
    element.text = text or None
    return element
