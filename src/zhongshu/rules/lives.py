"""The life of every record: one table per noun, and which right each action asks for.

``TABLES[noun][state]`` maps each allowed action to the state it leads to.  A state with no
actions is final.  ``NEEDS[noun][action]`` names the permission; the two are kept apart so that a
change of rights never touches the life of a record.  ``BY_FACT[noun]`` are the actions nobody
takes: a fact does, whoever brought it.  What they mean is in `states`.
"""

from __future__ import annotations

from collections.abc import Mapping

from zhongshu.rules.permissions import Permission

Table = Mapping[str, Mapping[str, str]]

# The first state listed is the one a record starts in.
TABLES: Mapping[str, Table] = {
    "case": {
        "reported": {"confirm": "confirmed", "exclude": "excluded"},
        "confirmed": {
            "admit": "admitted",
            "recover": "recovered",  # home isolation: never admitted
            "record_death": "died",
            "exclude": "excluded",
        },
        "admitted": {"recover": "recovered", "record_death": "died"},
        "recovered": {"readmit": "admitted", "close": "closed"},
        "died": {"close": "closed"},
        "excluded": {"reopen": "reported"},
        "closed": {},
    },
    "contact": {
        "proposed": {"confirm": "confirmed", "downgrade": "downgraded", "exclude": "excluded"},
        "confirmed": {
            "isolate": "isolating",
            "downgrade": "downgraded",
            "exclude": "excluded",
        },
        "downgraded": {"confirm": "confirmed", "exclude": "excluded"},
        "isolating": {"release": "released"},
        "excluded": {"reopen": "proposed"},  # new evidence
        "released": {"reopen": "proposed"},  # a new exposure
    },
    "isolation": {
        "ordered": {"fetch": "in_transfer", "start": "isolating", "withdraw": "withdrawn"},
        "in_transfer": {"start": "isolating", "withdraw": "withdrawn"},
        # move: to another place or stage; restart: a new exposure inside
        "isolating": {
            "move": "isolating",
            "restart": "isolating",
            "admit": "in_hospital",  # he became a case or fell ill
            "release": "released",
        },
        "in_hospital": {"return": "isolating", "release": "released"},
        "released": {},
        "withdrawn": {},
    },
    "zone": {
        "proposed": {"activate": "active", "withdraw": "withdrawn"},
        "active": {"step": "active", "release": "released"},  # step: another level or outline
        "released": {},
        "withdrawn": {},
    },
    "directive": {
        "issued": {"receive": "received", "sign": "signed"},  # signing implies having received
        "received": {"sign": "signed"},
        "signed": {"start": "in_work", "forward": "in_work", "report": "reported"},
        "in_work": {"forward": "in_work", "report": "reported"},
        "reported": {"report": "reported", "send_back": "in_work", "close": "closed"},
        "closed": {},
    },
    # A plan of dispatch: asked, answered, proposed, issued as jobs.
    "dispatch": {
        "queued": {"begin": "running", "withdraw": "withdrawn"},
        "running": {"begin": "running", "finish": "ready", "fail": "failed"},
        "ready": {"propose": "proposed", "withdraw": "withdrawn"},
        "proposed": {"issue": "issued", "decline": "declined", "let_go": "withdrawn"},
        "issued": {"replace": "replaced", "close": "done"},
        "done": {},
        "declined": {},
        "replaced": {},
        "failed": {},
        "withdrawn": {},
    },
    "job": {
        "issued": {"begin": "begun", "finish": "done", "cancel": "cancelled"},
        "begun": {"finish": "done", "cancel": "cancelled"},
        "done": {},
        "cancelled": {},
    },
    "letter": {  # a request to another county to find and control contacts
        "sent": {"receive": "received", "answer": "answered"},  # answering implies receiving
        "received": {"report": "received", "answer": "answered"},  # report: some found so far
        "answered": {},  # what is new goes into a letter of its own
    },
    "ticket": {  # a call to the hotline
        "received": {"answer": "answered", "assign": "assigned", "merge": "merged"},
        "assigned": {"assign": "assigned", "take": "in_work", "return": "received"},
        "in_work": {"answer": "answered", "return": "received"},
        "answered": {"call_back": "called_back", "reopen": "assigned"},
        "called_back": {"reopen": "assigned", "close": "closed"},
        "merged": {},  # into another ticket about the same thing
        "closed": {},
    },
    "sample": {
        "ordered": {"collect": "collected", "cancel": "cancelled"},
        "collected": {"hand_over": "in_transport", "spoil": "spoiled"},
        "in_transport": {"accept": "accepted", "spoil": "spoiled"},
        "accepted": {
            "find_negative": "negative",
            "find_suspect": "suspect",
            "find_positive": "positive",
            "spoil": "spoiled",
        },
        # a pooled tube is never positive by itself: its members are sampled again, singly
        "suspect": {"find_negative": "negative", "find_positive": "positive"},
        "negative": {"correct": "accepted"},
        "positive": {"correct": "accepted"},
        "spoiled": {},
        "cancelled": {},
    },
    "proposal": {
        "waiting": {
            "approve": "approved",
            "amend": "amended",
            "reject": "rejected",
            "supersede": "superseded",
            "withdraw": "withdrawn",
        },
        "approved": {},
        "amended": {},
        "rejected": {},
        "superseded": {},
        "withdrawn": {},
    },
    "signal": {
        # snooze: nothing of this county and stream is to be shown for a while
        "raised": {"take": "taken", "snooze": "raised", "dismiss": "false_alarm"},
        "taken": {"verify": "verified", "snooze": "taken", "dismiss": "false_alarm"},
        "verified": {"check": "checked", "dismiss": "false_alarm"},  # check: in the field
        "checked": {"assess": "assessed", "dismiss": "false_alarm"},
        "assessed": {"declare_event": "event", "dismiss": "false_alarm"},
        "event": {},
        "false_alarm": {"reopen": "raised"},
    },
    # Overdue is no state: it is a running clock after its time.
    "clock": {
        "running": {
            "recompute": "running",
            "remind": "running",
            "meet": "met",
            "meet_late": "met_late",
            "waive": "waived",
            "withdraw": "waived",
        },
        "met": {
            "recompute": "met",
            "meet_late": "met_late",
            "restart": "running",
            "withdraw": "waived",
        },
        "met_late": {
            "recompute": "met_late",
            "meet": "met",
            "restart": "running",
            "withdraw": "waived",
        },
        "waived": {"restart": "running", "meet": "met", "meet_late": "met_late"},
    },
    "period": {
        "open": {"close": "closed"},
        "closed": {},
    },
}

_P = Permission

NEEDS: Mapping[str, Mapping[str, Permission]] = {
    "case": {
        "confirm": _P.CASE_WRITE,
        "exclude": _P.CASE_WRITE,
        "admit": _P.CASE_WRITE,
        "recover": _P.CASE_WRITE,
        "record_death": _P.CASE_WRITE,
        "readmit": _P.CASE_WRITE,
        "reopen": _P.CASE_WRITE,
        "close": _P.CASE_WRITE,
    },
    "contact": {
        "confirm": _P.CONTACT_DECIDE,
        "downgrade": _P.CONTACT_DECIDE,
        "exclude": _P.CONTACT_DECIDE,
        "isolate": _P.CONTACT_DECIDE,
        "release": _P.CONTACT_DECIDE,
        "reopen": _P.CONTACT_DECIDE,
    },
    # Who moves and houses people writes down where they are; only who may decide lets them go.
    "isolation": {
        "fetch": _P.ISOLATION_WRITE,
        "start": _P.ISOLATION_WRITE,
        "move": _P.ISOLATION_WRITE,
        "admit": _P.ISOLATION_WRITE,
        "return": _P.ISOLATION_WRITE,
        "restart": _P.CONTACT_DECIDE,
        "release": _P.CONTACT_DECIDE,
        "withdraw": _P.CONTACT_DECIDE,
    },
    # A zone changes only by a decision on a proposal.
    "zone": {
        "activate": _P.PROPOSAL_DECIDE,
        "step": _P.PROPOSAL_DECIDE,
        "release": _P.PROPOSAL_DECIDE,
        "withdraw": _P.RUN_START,
    },
    "directive": {
        "receive": _P.DIRECTIVE_SIGN,
        "sign": _P.DIRECTIVE_SIGN,
        "start": _P.DIRECTIVE_REPORT,
        "report": _P.DIRECTIVE_REPORT,
        "forward": _P.DIRECTIVE_ISSUE,
        "send_back": _P.DIRECTIVE_ISSUE,
        "close": _P.DIRECTIVE_ISSUE,
    },
    "dispatch": {"withdraw": _P.DISPATCH_PLAN, "propose": _P.DISPATCH_PLAN},
    "job": {"begin": _P.DISPATCH_REPORT, "finish": _P.DISPATCH_REPORT},
    "letter": {
        "receive": _P.LETTER_ANSWER,
        "report": _P.LETTER_ANSWER,
        "answer": _P.LETTER_ANSWER,
    },
    "ticket": {
        "answer": _P.TICKET_HANDLE,
        "take": _P.TICKET_HANDLE,
        "return": _P.TICKET_HANDLE,
        "assign": _P.TICKET_ASSIGN,
        "merge": _P.TICKET_ASSIGN,
        "call_back": _P.TICKET_CLOSE,
        "reopen": _P.TICKET_CLOSE,
        "close": _P.TICKET_CLOSE,
    },
    "sample": {
        "collect": _P.SAMPLE_COLLECT,
        "cancel": _P.SAMPLE_COLLECT,
        "hand_over": _P.SAMPLE_COLLECT,
        "spoil": _P.SAMPLE_COLLECT,
        "accept": _P.SAMPLE_TEST,
        "find_negative": _P.SAMPLE_TEST,
        "find_suspect": _P.SAMPLE_TEST,
        "find_positive": _P.SAMPLE_TEST,
        "correct": _P.SAMPLE_TEST,
    },
    "proposal": {
        "approve": _P.PROPOSAL_DECIDE,
        "amend": _P.PROPOSAL_DECIDE,
        "reject": _P.PROPOSAL_DECIDE,
        "supersede": _P.RUN_START,
        "withdraw": _P.RUN_START,
    },
    "signal": {
        "take": _P.SIGNAL_HANDLE,
        "verify": _P.SIGNAL_HANDLE,
        "check": _P.SIGNAL_HANDLE,
        "assess": _P.SIGNAL_HANDLE,
        "dismiss": _P.SIGNAL_HANDLE,
        "snooze": _P.SIGNAL_HANDLE,
        "declare_event": _P.SIGNAL_HANDLE,
        "reopen": _P.SIGNAL_HANDLE,
    },
    "clock": {
        "remind": _P.DIRECTIVE_ISSUE,  # an order in small, to a unit below
        "waive": _P.CLOCK_WAIVE,
    },
    "period": {"close": _P.PROPOSAL_DECIDE},
}

BY_FACT: Mapping[str, frozenset[str]] = {
    "clock": frozenset({"recompute", "meet", "meet_late", "restart", "withdraw"}),
    # A worker answers; whoever decides the proposal, or a plan that follows, does the rest.
    "dispatch": frozenset(
        {"begin", "finish", "fail", "issue", "decline", "let_go", "replace", "close"}
    ),
    "job": frozenset({"cancel"}),
}
