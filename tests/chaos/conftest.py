"""Short forms of the runs; PostgreSQL where it is."""

import pytest

from tests.conftest import postgres_answers

needs_postgres = pytest.mark.skipif(
    not postgres_answers(),
    reason="no PostgreSQL answers on 127.0.0.1:5432 (set PASSBACK_TEST_POSTGRES to use another)",
)
