"""Significant events, plans, directed work, how a meeting is held and how the family takes part; dates that moved."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the columns."""
    for part in (
        _events,
        _conduct,
        _family,
        _plans,
        _dangers_and_outcomes,
        _steps_and_members,
        _works,
        _dates,
        _moves_of_dates,
    ):
        part()
    for name, kind in (("invited_on", sa.Date()), ("report_asked", sa.Date()), ("takes_part", sa.Text())):
        op.add_column("attendance", sa.Column(name, kind, nullable=True))
    op.add_column("meeting", sa.Column("telephone_reason", sa.Text(), nullable=True))


def _events() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "referral",
                "incident",
                "seen",
                "birth",
                "moved",
                "transfer-notified",
                "name-changed",
                "police-protection",
                "epo",
                "cao",
                "looked-after",
                "left-country",
                "died",
                "other",
                name="eventkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(), nullable=False),
        sa.Column("whole_day", sa.Boolean(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_event_text_given")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_event_case_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_event_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_case_id"), "event", ["case_id"], unique=False)
    op.create_index(op.f("ix_event_happened_at"), "event", ["happened_at"], unique=False)


def _conduct() -> None:
    op.create_table(
        "following",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("earlier_id", sa.Uuid(), nullable=False),
        sa.Column("converted", sa.Boolean(), nullable=False),
        sa.CheckConstraint("meeting_id <> earlier_id", name=op.f("ck_following_not_itself")),
        sa.ForeignKeyConstraint(["earlier_id"], ["meeting.id"], name=op.f("fk_following_earlier_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_following_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_following")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_following_meeting_id")),
    )
    op.create_index(op.f("ix_following_earlier_id"), "following", ["earlier_id"], unique=False)
    op.create_table(
        "declaration",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("question_id", sa.Text(), nullable=False),
        sa.Column("answer", sa.Boolean(), nullable=False),
        sa.Column("declared_at", sa.DateTime(), nullable=False),
        sa.Column("agreed_by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_declaration_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
        sa.UniqueConstraint("meeting_id", "question_id", name=op.f("uq_declaration_meeting_id_question_id")),
    )
    op.create_index(op.f("ix_declaration_meeting_id"), "declaration", ["meeting_id"], unique=False)
    op.create_table(
        "quorum_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column(
            "choice",
            sa.Enum(
                "interim-plan",
                "new-date",
                "proceed",
                name="withoutquorum",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("agreed_by", sa.Text(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_quorum_answer_reason_given")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_quorum_answer_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quorum_answer")),
    )
    op.create_index(op.f("ix_quorum_answer_meeting_id"), "quorum_answer", ["meeting_id"], unique=False)
    op.create_table(
        "private_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_private_note_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_private_note")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_private_note_meeting_id")),
    )
    op.create_table(
        "likeness",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("differs", sa.Text(), nullable=False),
        sa.CheckConstraint("differs <> ''", name=op.f("ck_likeness_difference_given")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_likeness_child_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_likeness_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likeness")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_likeness_decision_id")),
    )


def _family() -> None:
    op.create_table(
        "exclusion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("attendance_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column(
            "ruling",
            sa.Enum(
                "asked",
                "refused",
                "for-a-part",
                "for-all",
                name="ruling",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("ruled_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("legal_advice", sa.Text(), nullable=False),
        sa.Column("left_at", sa.DateTime(), nullable=True),
        sa.Column("back_at", sa.DateTime(), nullable=True),
        sa.Column("letter_on", sa.Date(), nullable=True),
        sa.Column("chair_offered", sa.Boolean(), nullable=False),
        sa.Column("views_by", sa.Text(), nullable=False),
        sa.CheckConstraint("evidence <> ''", name=op.f("ck_exclusion_evidence_given")),
        sa.CheckConstraint("ruling = 'asked' OR reason <> ''", name=op.f("ck_exclusion_reason_given")),
        sa.ForeignKeyConstraint(["attendance_id"], ["attendance.id"], name=op.f("fk_exclusion_attendance_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_exclusion_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exclusion")),
    )
    op.create_index(op.f("ix_exclusion_attendance_id"), "exclusion", ["attendance_id"], unique=False)
    op.create_index(op.f("ix_exclusion_meeting_id"), "exclusion", ["meeting_id"], unique=False)
    op.create_table(
        "complaint",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("about <> ''", name=op.f("ck_complaint_about_given")),
        sa.CheckConstraint("closed_on IS NULL OR outcome <> ''", name=op.f("ck_complaint_outcome_given")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_complaint_case_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_complaint_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
    )
    op.create_index(op.f("ix_complaint_case_id"), "complaint", ["case_id"], unique=False)
    op.create_index(op.f("ix_complaint_meeting_id"), "complaint", ["meeting_id"], unique=False)


def _plans() -> None:
    op.create_table(
        "plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(
                "interim",
                "outline",
                "in-force",
                "ended",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("secondary", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("lead_practitioner", sa.Text(), nullable=False),
        sa.Column("family_help_lead", sa.Text(), nullable=False),
        sa.Column("visit_every", sa.Integer(), nullable=True),
        sa.Column("seen_alone", sa.Text(), nullable=False),
        sa.Column("unannounced", sa.Boolean(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("assessments", sa.Text(), nullable=False),
        sa.Column("family_plan", sa.Text(), nullable=False),
        sa.Column("legal", sa.Text(), nullable=False),
        sa.Column("earlier", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("end_words", sa.Text(), nullable=False),
        sa.CheckConstraint("standing <> 'ended' OR end_reason <> ''", name=op.f("ck_plan_ending_explained")),
        sa.CheckConstraint("version > 0", name=op.f("ck_plan_version_counted")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_plan_case_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_plan_child_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_plan_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
        sa.UniqueConstraint("child_id", "version", name=op.f("uq_plan_child_id_version")),
    )
    op.create_index(op.f("ix_plan_case_id"), "plan", ["case_id"], unique=False)
    op.create_index(op.f("ix_plan_child_id"), "plan", ["child_id"], unique=False)
    op.create_index(op.f("ix_plan_meeting_id"), "plan", ["meeting_id"], unique=False)
    op.create_table(
        "progress",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("child_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Uuid(), nullable=False),
        sa.Column(
            "done",
            sa.Enum(
                "not-yet",
                "partly",
                "done",
                "no-longer-needed",
                name="done",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_progress_child_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_progress_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress")),
        sa.UniqueConstraint("meeting_id", "child_id", "line", name=op.f("uq_progress_meeting_id_child_id_line")),
    )
    op.create_index(op.f("ix_progress_meeting_id"), "progress", ["meeting_id"], unique=False)


def _dangers_and_outcomes() -> None:
    op.create_table(
        "danger_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("safety_goal", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_danger_statement_text_given")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_danger_statement_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_danger_statement")),
        sa.UniqueConstraint("plan_id", "line", name=op.f("uq_danger_statement_plan_id_line")),
    )
    op.create_index(op.f("ix_danger_statement_plan_id"), "danger_statement", ["plan_id"], unique=False)
    op.create_table(
        "bottom_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("if_broken", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_bottom_line_text_given")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_bottom_line_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bottom_line")),
        sa.UniqueConstraint("plan_id", "line", name=op.f("uq_bottom_line_plan_id_line")),
    )
    op.create_index(op.f("ix_bottom_line_plan_id"), "bottom_line", ["plan_id"], unique=False)
    op.create_table(
        "outcome",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("benefit", sa.Text(), nullable=False),
        sa.Column("baseline", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("target", sa.Date(), nullable=True),
        sa.Column("danger", sa.Uuid(), nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_outcome_text_given")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_outcome_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("plan_id", "line", name=op.f("uq_outcome_plan_id_line")),
    )
    op.create_index(op.f("ix_outcome_plan_id"), "outcome", ["plan_id"], unique=False)


def _steps_and_members() -> None:
    op.create_table(
        "step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("line", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "carrier",
            sa.Enum(
                "agency",
                "parent",
                "non-abusive-parent",
                "family",
                name="carrier",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Uuid(), nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_step_text_given")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_step_agency_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_step_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
        sa.UniqueConstraint("plan_id", "line", name=op.f("uq_step_plan_id_line")),
    )
    op.create_index(op.f("ix_step_plan_id"), "step", ["plan_id"], unique=False)
    op.create_table(
        "contingency",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("within", sa.Text(), nullable=False),
        sa.CheckConstraint("text <> ''", name=op.f("ck_contingency_text_given")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_contingency_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contingency")),
        sa.UniqueConstraint("plan_id", "line", name=op.f("uq_contingency_plan_id_line")),
    )
    op.create_index(op.f("ix_contingency_plan_id"), "contingency", ["plan_id"], unique=False)
    op.create_table(
        "core_member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column("line", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_core_member_name_given")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_core_member_agency_id")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_core_member_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_core_member")),
        sa.UniqueConstraint("plan_id", "line", name=op.f("uq_core_member_plan_id_line")),
    )
    op.create_index(op.f("ix_core_member_plan_id"), "core_member", ["plan_id"], unique=False)


def _works() -> None:
    op.create_table(
        "work",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("agency_id", sa.Uuid(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "enquiry",
                "medical",
                "interview",
                "court",
                name="workkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("joint", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("started_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("outcome_words", sa.Text(), nullable=False),
        sa.CheckConstraint("ended_at IS NULL OR outcome <> ''", name=op.f("ck_work_outcome_given")),
        sa.ForeignKeyConstraint(["agency_id"], ["agency.id"], name=op.f("fk_work_agency_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_work_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sa.UniqueConstraint("decision_id", "kind", name=op.f("uq_work_decision_id_kind")),
    )
    op.create_index(op.f("ix_work_decision_id"), "work", ["decision_id"], unique=False)
    op.create_table(
        "work_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("work_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("due", sa.DateTime(), nullable=True),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("text <> ''", name=op.f("ck_work_step_text_given")),
        sa.ForeignKeyConstraint(["work_id"], ["work.id"], name=op.f("fk_work_step_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_step")),
    )
    op.create_index(op.f("ix_work_step_work_id"), "work_step", ["work_id"], unique=False)


def _dates() -> None:
    # a column cannot be told that it may be empty: so the table is made anew, to which nothing refers yet
    op.execute("CREATE TABLE deadline_before AS SELECT * FROM deadline")
    op.drop_table("deadline")
    op.create_table(
        "deadline",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=True),
        sa.Column("event_id", sa.Uuid(), nullable=True),
        sa.Column("child_id", sa.Uuid(), nullable=True),
        sa.Column("limit_id", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("whole_day", sa.Boolean(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("calendar_version", sa.Text(), nullable=False),
        sa.Column("met_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("meeting_id IS NOT NULL OR event_id IS NOT NULL", name=op.f("ck_deadline_trigger_known")),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_deadline_case_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_deadline_child_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_deadline_event_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_deadline_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint(
            "meeting_id", "child_id", "limit_id", name=op.f("uq_deadline_meeting_id_child_id_limit_id")
        ),
    )
    op.execute(
        "INSERT INTO deadline SELECT id, case_id, meeting_id, NULL, child_id, limit_id, label, due_at, whole_day, "
        "because, calendar_version, met_at FROM deadline_before"
    )
    op.drop_table("deadline_before")
    for column in ("case_id", "due_at", "event_id", "meeting_id"):
        op.create_index(op.f(f"ix_deadline_{column}"), "deadline", [column], unique=False)


def _moves_of_dates() -> None:
    op.create_table(
        "recalculation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("deadline_id", sa.Uuid(), nullable=False),
        sa.Column("was", sa.DateTime(), nullable=False),
        sa.Column("now", sa.DateTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("why <> ''", name=op.f("ck_recalculation_why_given")),
        sa.ForeignKeyConstraint(["deadline_id"], ["deadline.id"], name=op.f("fk_recalculation_deadline_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recalculation")),
    )
    op.create_index(op.f("ix_recalculation_deadline_id"), "recalculation", ["deadline_id"], unique=False)
