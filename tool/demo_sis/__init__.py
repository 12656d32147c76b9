"""A pretend SIS: a school's records with their gradebooks, for trying Passback and for testing it.

It shares no code with the tool and is spoken to over HTTP only: OneRoster 1.2 or 1.1, one at a time.

In: senders of grades (`/ims/oneroster/…`, `/token`), browsers (pages), tests (the control addresses). Out: nothing.
All state is in memory and gone when it stops.

Reading order: records, seed, school, gradebook (who and what there is) · settings, sis (the parts put together) ·
tokens, token_address, signatures, reception (who may come in) · refusals, replies, lists (how it answers) ·
roster_words, rostering (people, classes, calendar) · book_words, reading (categories, columns, marks) · body_checks,
body_shapes, written, office_rules, writing (what is sent: its form, its sense, stored) · moods, journal, gate
(misbehaving on purpose, and the diary) · tables, pages (for people) · orders, connecting, control, control_school (for
tests) · server, serving (the door).

Words: a *column* is a line item, a *mark* a result; *ids ours* means that the sender's ids are kept, *theirs* that the
SIS gives its own; the *form* of a body is what the official schema says of it, its *sense* what a gradebook refuses
besides; a *mood* is how it misbehaves at the moment.

The school is the demo LMS's: “MATH 9 - Period 3” (`class-2201`) of Ada Byron and “SCI 9 - Period 5” (`class-2305`) of
Grace Stone, each with Homework, Quizzes and Tests (`cat-hw-2201` …), in a semester (`term-s1`) of two grading periods:
`gp-q1` ended two weeks before today, `gp-q2` has eight weeks left. Ben, Diego, Jaya, Linh, Mateusz, Siobhan and Zoë
bear the ids that the LMS tells; Cleo is known by her e-mail only; Amara's id stands in `identifier`, Fatima's in
`userIds`; Hana has another e-mail and id (by hand); Isaac is in no class (control `enroll`: SIS-00106); Nia is not in
the LMS.

What it refuses: bodies that the official schema refuses (422), a due date outside the periods or before the assigned
date (422), a period that was closed (409, "Assignment is locked"), an unknown category (422) or another class's (409),
a student who is not enrolled (422), a column that is gone (404, "Invalid assignment id"), and what the settings say.

Pages: `/` has the gradebook of each class, `/office` what the school changes (close a period, rename a category, type a
score, delete a column), `/moods` the mood and the last requests.

Control addresses, JSON; those that change something are POST, under /control/:

- `GET connection.json`: everything an operator has to fill in: three base URLs, `token_url`, `client_id`, `secret`,
  `vendor_header` (its value), `version`, `auth`, `time_zone`, and in `profile` what differs from plain OneRoster.
- `GET gradebook` → [{class, title, columns: [{sourced_id, supplied_id, title, category, period, due_at, maximum, …,
  results: {student: {sourced_id, status, score, late, missing, …, typed_by_hand}}}]}]; `GET school`; `GET journal`:
  every request with method, path, query, status, body, text, content_type, accept, never a secret.
- `mood` {mood, for_requests, after_requests, target, text, retry_after, delay_seconds}: names in `moods`; `text` is
  what the error says; with `after_requests` so many go well first. `GET mood`.
- `settings`: the fields of `settings.SisSettings`. `GET settings`. `forget-tokens` {}.
- `close-period` {period, open}; `change-period` {period, starts_on, ends_on}; `rename-category` {category, title}
  (null deletes); `add-category` {class, title}; `add-class` {title, teacher, students, terms}; `change-class` {class,
  title, active}; `enroll` {class, student, active, begins_on, ends_on}; `person` {student, email, identifier,
  given_name, family_name}.
- `add-column` {class, title, category, due_at, maximum} (made by hand); `delete-column` {column}; `type-grade` {column,
  student, score} (a hand edit; null empties).
- `reset` {today}: back to the start, with the periods around `today` if it is given.
"""
