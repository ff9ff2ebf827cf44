"""The office: where people who run the network sign in; an application of its own below ``/bureau``.

The public pages know nothing of it: its cookie is sent to ``/bureau`` alone, and no session is ever opened elsewhere.
"""
