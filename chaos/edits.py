"""What staff do in the app: changes into the outbox, as the JSON API puts them there, each with tokens of its own."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine

from chaos.deeds import TEXTS
from chaos.tokens import Mint, tokens_in
from core import ids
from core.leads import fields_of
from core.model import Change, ChangeKind, Value
from store import mirror, outbox

LONG = frozenset({"notes", "engagement_strategy"})


@dataclass(slots=True)
class Desk:
    """Somebody at the app. `pages` are leads as pages that still stand open show them. `acknowledged` are the changes
    that were taken, in order."""

    engine: Engine
    rng: random.Random
    mint: Mint
    pages: dict[str, dict[str, Value]] = field(default_factory=dict)
    acknowledged: dict[str, Change] = field(default_factory=dict)

    def edit(self, leads: list[str], now: datetime) -> tuple[str, str]:
        """Change one field or two of a lead that the app knows, on a fresh page or one that has stood open. The lead
        and its first field; "" where the app knows none of them."""
        lead_id = self.rng.choice(leads) if leads else ""
        values = self._page(lead_id)
        if not values:
            return "", ""
        names = self.rng.sample(TEXTS, self.rng.choice([1, 1, 2]))
        change_id = ids.change_id(f"{self.mint.operation} {lead_id} {len(self.acknowledged)}")
        fields = {name: (values[name], self._new(lead_id, name, values[name], change_id)) for name in names}
        self._take(Change(change_id, lead_id, ChangeKind.UPDATE, fields, "Neha", now))
        return lead_id, names[0]

    def create(self, now: datetime) -> None:
        """A new lead, made in the app."""
        seed = f"{self.mint.operation} made in the app"
        if ids.change_id(seed) in self.acknowledged:
            return  # one within one operation
        lead_id, change_id = ids.lead_id(seed, ()), ids.change_id(seed)
        phone = f"+9197{self.mint.operation:08d}"
        fields: dict[str, tuple[Value, Value]] = {"full_name": (None, "Made Here"), "phone_number": (None, phone)}
        fields["city"] = (None, self._new(lead_id, "city", None, change_id))
        self._take(Change(change_id, lead_id, ChangeKind.CREATE, fields, "Neha", now))

    def _page(self, lead_id: str) -> dict[str, Value] | None:
        if lead_id in self.pages and self.rng.random() < 0.15:
            return self.pages[lead_id]
        with self.engine.begin() as conn:
            found = mirror.lead(conn, lead_id) if lead_id else None
        if found is None:
            return None
        self.pages[lead_id] = dict(fields_of(found))
        return self.pages[lead_id]

    def _new(self, lead_id: str, name: str, base: Value, change_id: str) -> Value:
        known = {"lead_id": lead_id, "field": name, "change_id": change_id, "seen": tokens_in(base)}
        token = self.mint.next("a", "edit", **known)
        keeps = name in LONG and base and self.rng.random() < 0.8
        return f"{base}\n{token}" if keeps else token

    def _take(self, change: Change) -> None:
        with self.engine.begin() as conn:
            outbox.enqueue(conn, [change])
        self.acknowledged[change.change_id] = change
