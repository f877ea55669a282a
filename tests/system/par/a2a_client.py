"""A client of pixell.agent.AgentService that is not ours: grpcio, and protobuf written by hand.

    python a2a_client.py PORT METHOD [ACTION [NAME=VALUE ...]]

Prints the answer's fields, one a line: `NUMBER TEXT`, numbers as they are.
"""
import sys

import grpc


def field(number, data):
    return bytes([number << 3 | 2, len(data)]) + data


def fields(data):
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
        else:
            size, at = varint(data, at)
            value, at = data[at : at + size].decode(), at + size
        yield tag >> 3, value


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


port, method, *rest = sys.argv[1:]
request = b""
if rest:
    request = field(1, rest[0].encode())
    for pair in rest[1:]:
        name, value = pair.split("=", 1)
        request += field(2, field(1, name.encode()) + field(2, value.encode()))
with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
    call = channel.unary_unary(method if method.startswith("/") else f"/pixell.agent.AgentService/{method}")
    for number, value in fields(call(request, timeout=10)):
        print(number, value)
