"""A pretend LMS for trying Passback and for testing it.

It shares no code with the tool and speaks to it over HTTP only.

In: browsers (pages), the tool (login, token, line items, scores, results, members, content), tests (the control
addresses). Out: one request, for the tool's key set. All state is in memory and gone when it stops.

Reading order: records, seed, copying, world (who and what there is) · manners/ (how real LMSs differ) · lms (the parts
put together) · launches, claims, signing, oidc (a person goes to the tool), storage (what the page around it keeps for
it) · key_reading, signatures, tokens (the tool comes back) · line_items, scores, results, memberships, paging (what it
may ask for) · content_requests, content_desk, content_return, content_answers, content_items, content_placing (deep
linking: asked, kept open, answered, checked, read, placed) · reviews (a learner's work) · registration_desk,
tool_registration (a tool registers itself) · moods, journal, gate (misbehaving on purpose, and the diary) · finding,
pages, course_pages (for people) · orders, control, control_courses (for tests) · server, serving (the door).

Words: a *column* is a line item, a *cell* one learner's place in it; a *manner* is the LMS we imitate, chosen at
start; a *mood* is how it misbehaves at the moment; an *offer* is what one request for content says it accepts.

Pages, and how a script drives them. Nobody signs in: `as=<person>`, which is the teacher where it is left out.

- `GET /courses/C`: the teacher sets the course up. Its forms are the next four.
- `GET /courses/C/add?as=&line_item=yes|no|unsaid&several=yes|no&types=ltiResourceLink+link&data=yes|no&window=1`: deep
  linking in a frame named *tool*; all of it may be left out (as in the manner). `/add/start` is the frame's content,
  a form to the tool's login. A learner may be named: the tool has to refuse.
- `POST /lti/content?…` with `JWT`: the return address. 200 "Added to …" or "Nothing was added" (cancelled), 400 with
  the reason in role=alert. `target="_top"` leads back to the course.
- `POST /courses/C/links` with `title`, `points` (empty: no column): a link by hand, which names no assignment.
- `POST /courses/C/copy` with `people=same|new`: a copy for next term, redirected to.
- `GET /courses/C/review?learner=&column=<number>&as=`: "Open the work" of the gradebook, in a frame; `/review/start`
  is its content, 404 where this LMS has no way to open that work.

Control addresses, JSON; those that change something are POST, under /control/:

- `launch-form` {course, link, person, message_type, claims, target, for_user, deep_linking} → {login_url, fields}.
  Deep linking needs no link; its `deep_linking` is {accept_types, accepts_several, accepts_line_item, sends_data}.
- `add-link` {course, title, points, custom, url} → {link, line_item_url}; `copy-course` {course, people} →
  {course, links: {old: new}}; `column`, `due-date`, `type-grade`, `mood`, `forget-tokens`, `start-registration`,
  `reset`.
- `ids` {client_id, deployment_id}: the tool as it was set up by hand.
- `settings`: the fields of `lms.Settings`: how deep linking asks, `grading`, `copies_name_old_columns`,
  `review_names_column`, `message_type` (any word, for every link on the pages), `page_size` (every list), `storage`
  (none, kept, or a way of lying about it) and `storage_beside` (kept in a frame of its own), and more.
- `GET gradebook, activities, contents, journal, mood, platform.json`: what it holds and what was asked of it.
  `contents` has every content answer: {course_id, refused, items, placed: [{title, link, points}], message, error}.
"""
