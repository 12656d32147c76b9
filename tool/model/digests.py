"""What teachers were written."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tool.model.base import Base


class DigestMail(Base):
    """The latest digest that went to a teacher of a course, so that the same news is not written every night."""

    __tablename__ = "digest_mails"

    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    troubles: Mapped[list[object]]
    """Those of them that still last: `[[placement, member, status], …]`."""
    mailed_at: Mapped[datetime]
