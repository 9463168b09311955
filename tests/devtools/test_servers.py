"""The servers that development and the tests run on."""

import os

import psycopg
import redis


def test_the_tests_have_a_real_postgresql_and_a_real_redis() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"].rsplit("/", 1)[0] + "/postgres") as connection:
        assert connection.info.server_version >= 150000
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        assert client.ping()
