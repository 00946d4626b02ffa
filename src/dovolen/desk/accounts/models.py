"""Tables of staff: who, where, in which role, by which keys, from which browsers."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from functools import cached_property
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from dovolen.desk.accounts.rights import RIGHTS, ROLES
from dovolen.insight.words import LANGUAGES

THEMES = ("light", "dark")
DIGEST = 64


class CentreQuerySet(models.QuerySet["Centre"]):
    """Which centres."""

    def visible_to(self, staff: Staff) -> CentreQuerySet:
        """Those where he has a role."""
        return self.filter(pk__in=staff.centre_ids())


class Centre(models.Model):
    """A service centre: one place with its own hours, zone and currency."""

    name = models.CharField(max_length=80, unique=True)
    zone = models.CharField(max_length=40, default="Europe/Moscow")
    currency = models.CharField(max_length=3, default="RUB")
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    hours = models.CharField(max_length=100, blank=True)

    objects = CentreQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def local(self, moment: datetime) -> datetime:
        """A moment on the clock of this centre."""
        return moment.astimezone(ZoneInfo(self.zone))


class StaffQuerySet(models.QuerySet["Staff"]):
    """Which people."""

    def visible_to(self, staff: Staff) -> StaffQuerySet:
        """Colleagues: whoever has a role at a centre where he may see staff; himself always."""
        here = Membership.objects.filter(centre__in=staff.centre_ids("see staff")).values("staff")
        return self.filter(Q(pk__in=here) | Q(pk=staff.pk))

    def manageable_by(self, staff: Staff) -> StaffQuerySet:
        """Those whose every role is at a centre where he may manage staff."""
        mine = staff.centre_ids("manage staff")
        elsewhere = Membership.objects.exclude(centre__in=mine).values("staff")
        return self.filter(memberships__centre__in=mine).exclude(pk__in=elsewhere).distinct()


class StaffManager(BaseUserManager["Staff"]):
    """Finds people by login, however it was typed."""

    def get_queryset(self) -> StaffQuerySet:
        """Everybody."""
        return StaffQuerySet(self.model, using=self._db)

    def visible_to(self, staff: Staff) -> StaffQuerySet:
        """Colleagues of somebody."""
        return self.get_queryset().visible_to(staff)

    def manageable_by(self, staff: Staff) -> StaffQuerySet:
        """Those whom he may manage."""
        return self.get_queryset().manageable_by(staff)

    def get_by_natural_key(self, username: str | None) -> Staff:
        """The person of a login."""
        return self.get(login=folded(username or ""))


def folded(login: str) -> str:
    """A login as it is kept: upper and lower case are one."""
    return login.strip().casefold()


class Staff(AbstractBaseUser):
    """Somebody who works with the desk. Without a password he was invited and has not come yet."""

    login = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=2, blank=True)
    theme = models.CharField(max_length=5, blank=True)
    uses_letter_keys = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[StaffManager] = StaffManager()
    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "staff"
        constraints = [
            models.CheckConstraint(condition=Q(language__in=["", *LANGUAGES]), name="staff_language_known"),
            models.CheckConstraint(condition=Q(theme__in=["", *THEMES]), name="staff_theme_known"),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def places(self) -> list[Membership]:
        """His roles with their centres, by centre and role."""
        return list(self.memberships.select_related("centre").order_by("centre__name", "centre_id", "role"))

    @cached_property
    def _centres_by_right(self) -> dict[str, set[int]]:
        held: dict[str, set[int]] = defaultdict(set)
        for place in self.places:
            for right in RIGHTS[place.role]:
                held[right].add(place.centre_id)
        return held

    def may(self, right: str, centre: Centre | int | None = None) -> bool:
        """Whether he holds a right: at a centre, or anywhere when none is named."""
        where = self._centres_by_right.get(right, set())
        if centre is None:
            return bool(where)
        return (centre if isinstance(centre, int) else centre.pk) in where

    def centre_ids(self, right: str | None = None) -> set[int]:
        """Centres where he holds a right, or has any role when none is named: what `visible_to` filters by."""
        if right is None:
            return {place.centre_id for place in self.places}
        return set(self._centres_by_right.get(right, ()))

    @property
    def roles(self) -> list[str]:
        """His roles, each once, in the order of the house."""
        held = {place.role for place in self.places}
        return [role for role in ROLES if role in held]

    @property
    def centre(self) -> Centre | None:
        """Where he works; the first by name when at several."""
        return self.places[0].centre if self.places else None

    @property
    def zone(self) -> str:
        """Whose clock his pages show."""
        return self.centre.zone if self.centre else ""

    @property
    def initials(self) -> str:
        """Two letters for the round badge."""
        return "".join(part[0] for part in self.name.split()[:2]).upper()


class Membership(models.Model):
    """A role of somebody at a centre."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="memberships")
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["staff", "centre", "role"], name="membership_once"),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="membership_role_known"),
        ]


class Invitation(models.Model):
    """A link by which somebody sets his password: at the first time, or after he forgot it. Works once."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="invitation")
    token_digest = models.CharField(max_length=DIGEST, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()


class Authenticator(models.Model):
    """The second factor of somebody: a secret shared with an application that shows six digits."""

    staff = models.OneToOneField(Staff, on_delete=models.CASCADE, related_name="authenticator")
    secret = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    last_step = models.BigIntegerField(default=0)


class RecoveryCode(models.Model):
    """A code for the day when the phone is lost. Works once: it goes when it is used."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=DIGEST)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "digest"], name="recovery_code_once")]


class Passkey(models.Model):
    """A key kept by a device, opened by finger or face: comes in without password and second factor."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="passkeys")
    name = models.CharField(max_length=60)
    credential_digest = models.CharField(max_length=DIGEST, unique=True)
    credential = models.BinaryField()
    counter = models.BigIntegerField(default=0)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class SessionQuerySet(models.QuerySet["Session"]):
    """Which sessions."""

    def visible_to(self, staff: Staff) -> SessionQuerySet:
        """His own."""
        return self.filter(staff=staff)


class Session(AbstractBaseSession):
    """Somebody in a browser. The key is kept as its digest: a stolen base opens no door."""

    session_key = models.CharField(max_length=DIGEST, primary_key=True)
    number = models.UUIDField(unique=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, null=True, related_name="sessions")
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects = SessionQuerySet.as_manager()  # type: ignore[assignment, misc]


class Guesses(models.Model):
    """How often something was tried since when: log-ins of an account, from an address, codes of a person."""

    digest = models.CharField(max_length=DIGEST, primary_key=True)
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)
