"""The forms in which an address leads inside; `{port}` is that of a socket which listens there."""

from typing import Final

LOOPBACK: Final = (
    "127.0.0.1",
    "127.8.8.8",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0X7F.1",
    "017700000001",
    "0177.0.0.1",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
)
NOT_LOOPBACK: Final = (
    "0.0.0.0",  # noqa: S104
    "0",
    "[::]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "[::ffff:169.254.169.254]",
    "[64:ff9b::a9fe:a9fe]",
    "[fd00:ec2::254]",
    "192.0.0.192",
    "168.63.129.16",
    "100.100.100.200",
    "10.1.2.3",
    "167838211",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.1.1",
    "0xc0.0xa8.1.1",
    "[::ffff:10.1.2.3]",
    "[2002:a01:203::]",
    "[fe80::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[ff02::1]",
    "[3fff::1]",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
)
# Names, as a resolver may answer them; the first has one good address beside the bad one, and that one is used.
NAMES: Final = {
    "localhost": ["127.0.0.1", "::1"],
    "localhost.": ["127.0.0.1"],
    "127.0.0.1.": ["127.0.0.1"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "inside.school.example": ["10.1.2.3"],
    "inside.school.example.": ["10.1.2.3"],
    "several.school.example": ["10.1.2.3", "127.0.0.1", "::1", "169.254.169.254"],
    "metadata.google.internal": ["169.254.169.254"],
    "six.school.example": ["::1"],
    "mapped.school.example": ["::ffff:127.0.0.1"],
    "nowhere.school.example": ["0.0.0.0"],  # noqa: S104
    "link.school.example": ["fe80::1%lo"],
}
TRICKS: Final = (
    "https://lms.school.example@127.0.0.1:{port}/x",
    "https://lms.school.example:443@127.0.0.1:{port}/x",
    "https://127.0.0.1:{port}@lms.school.example/x",
    "https://lms.school.example\\@127.0.0.1:{port}/x",
    "https://127.0.0.1:{port}\\@lms.school.example/x",
    "https://127.0.0.1:{port}#@lms.school.example/x",
    "https://127.0.0.1:{port}?@lms.school.example/x",
    "https://127.0.0.1:{port}%2f@lms.school.example/x",
    "https://127.0.0.1%00.school.example:{port}/x",
    "https://[::1]lms.school.example:{port}/x",
    "https://lms.school.example /x@127.0.0.1:{port}/",
    "https://lms.school.example\t@127.0.0.1:{port}/",
    "https://lms.school.example/\r\nHost: 127.0.0.1:{port}",
    "https://①②⑦.⓪.⓪.①:{port}/x",
    "https://127。0。0。1:{port}/x",
    "https:127.0.0.1:{port}/x",
    "https:///127.0.0.1:{port}/x",
    "//127.0.0.1:{port}/x",
    "127.0.0.1:{port}/x",
)
SCHEMES: Final = (
    "http://127.0.0.1:{port}/x",
    "http://[::1]:{port}/x",
    "http://localhost:{port}/x",
    "http://lms.school.example/x",
    "file:///etc/passwd",
    "file://127.0.0.1:{port}/x",
    "ftp://127.0.0.1:{port}/x",
    "gopher://127.0.0.1:{port}/_GET",
    "dict://127.0.0.1:{port}/x",
    "ldap://127.0.0.1:{port}/x",
    "unix:///run/docker.sock",
    "data:application/json,{{}}",
    "javascript:1",
    "",
)
OF_THE_SAME_PLACE: Final = (
    "https://lms.school.example/\r\nHost: 127.0.0.1:{port}",
    "https:127.0.0.1:{port}/x",
    "https:///127.0.0.1:{port}/x",
    "127.0.0.1:{port}/x",
    "",
)
# Of a public host: where another protocol listens that a request might be mistaken for.
PORTS: Final = tuple(f"https://lms.school.example:{port}/x" for port in (0, 1, 22, 25, 80, 110, 389, 587, 65536, -1))

PRODUCTION: Final = (
    *(f"https://{host}:{{port}}/x" for host in (*LOOPBACK, *NOT_LOOPBACK, *NAMES)),
    *TRICKS,
    *SCHEMES,
    *PORTS,
)
# A development installation lets its own machine in, and no other.
DEVELOPMENT: Final = (
    *(f"https://{host}:{{port}}/x" for host in NOT_LOOPBACK),
    *(f"http://{host}:{{port}}/x" for host in NOT_LOOPBACK),
    "https://inside.school.example:{port}/x",
    "https://metadata.google.internal:{port}/x",
    "http://lms.school.example/x",
    "file:///etc/passwd",
)
