"""A gRPC server of grpcio with the one method that the bench calls, as an agent's author would write it.

    python grpc_by_hand.py PORT
"""
import asyncio
import json
import sys

import grpc


def fields(data):
    """Numbers and values of a message whose members are all texts or messages."""
    at = 0
    while at < len(data):
        number, length = data[at] >> 3, data[at + 1]
        yield number, data[at + 2 : at + 2 + length]
        at += 2 + length


def field(number, value):
    return bytes([number << 3 | 2, len(value)]) + value


async def invoke(request, _context):
    parameters = {}
    for number, value in fields(request):
        if number == 2:
            entry = dict(fields(value))
            parameters[entry[1].decode()] = entry[2].decode()
    who = parameters.get("who", "world")
    result = json.dumps({"text": f"Hello, {who}", "to": who})
    return b"\x08\x01" + field(2, result.encode())


async def main(port):
    server = grpc.aio.server()
    method = grpc.unary_unary_rpc_method_handler(invoke)
    service = grpc.method_handlers_generic_handler("pixell.agent.AgentService", {"Invoke": method})
    server.add_generic_rpc_handlers((service,))
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    print("listening", flush=True)
    await server.wait_for_termination()


asyncio.run(main(int(sys.argv[1])))
