"""The engine's side of the wire, and as much of its logic as decides which call follows which."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import grpc
from provider.account import API_TOKEN
from pulumi.runtime.proto import provider_pb2 as pb
from pulumi.runtime.proto import provider_pb2_grpc

from gatewright.plugin.values import Properties, from_struct, to_struct


class Plugin:
    """The engine's side of the wire: each call as the engine makes it, in plain Python."""

    def __init__(self, stub: provider_pb2_grpc.ResourceProviderStub) -> None:
        self.stub = stub
        self.waits: list[float] = []

    def configure(self, base_url: str, token: str = API_TOKEN) -> pb.ConfigureResponse:
        variables = {"cloudflare:config:baseUrl": base_url, "cloudflare:config:apiToken": token}
        return self.stub.Configure(pb.ConfigureRequest(variables=variables, acceptSecrets=True))

    def create(
        self, urn: str, inputs: Properties, *, preview: bool = False
    ) -> tuple[str, Properties]:
        checked = self.stub.Check(pb.CheckRequest(urn=urn, news=to_struct(inputs)))
        request = pb.CreateRequest(urn=urn, properties=checked.inputs, preview=preview)
        made = self.stub.Create(request)
        return made.id, from_struct(made.properties)

    def diff(
        self, urn: str, state: Properties, news: Properties, old_inputs: Properties, **more: Any
    ) -> pb.DiffResponse:
        olds, inputs, before = to_struct(state), to_struct(news), to_struct(old_inputs)
        request = pb.DiffRequest(urn=urn, olds=olds, news=inputs, old_inputs=before, **more)
        return self.stub.Diff(request)

    def update(
        self, urn: str, ident: str, state: Properties, news: Properties, **more: Any
    ) -> Properties:
        olds, inputs = to_struct(state), to_struct(news)
        request = pb.UpdateRequest(id=ident, urn=urn, olds=olds, news=inputs, **more)
        return from_struct(self.stub.Update(request).properties)

    def read(
        self, urn: str, ident: str, state: Properties, inputs: Properties
    ) -> tuple[str, Properties, Properties]:
        olds, before = to_struct(state), to_struct(inputs)
        found = self.stub.Read(pb.ReadRequest(id=ident, urn=urn, properties=olds, inputs=before))
        return found.id, from_struct(found.properties), from_struct(found.inputs)

    def delete(self, urn: str, ident: str, state: Properties) -> None:
        self.stub.Delete(pb.DeleteRequest(id=ident, urn=urn, properties=to_struct(state)))

    def invoke(self, tok: str, arguments: Properties) -> Properties:
        answer = self.stub.Invoke(pb.InvokeRequest(tok=tok, args=to_struct(arguments)))
        return from_struct(getattr(answer, "return"))


@dataclass
class Wanted:
    """A resource of a program."""

    kind: str
    inputs: Properties
    ignore_changes: tuple[str, ...] = ()
    adopts: str | None = None

    def urn(self, name: str) -> str:
        return f"urn:pulumi:dev::test::{self.kind}::{name}"


@dataclass
class Held:
    """A resource in a stack's state."""

    wanted: Wanted
    ident: str
    inputs: Properties
    state: Properties


class Stack:
    """As much of the engine as decides which call follows which."""

    def __init__(self, plugin: Plugin) -> None:
        self.plugin = plugin
        self.held: dict[str, Held] = {}

    def up(self, program: dict[str, Wanted]) -> list[str]:
        """What was done, in order; an error stops the resource, not the run."""
        done = [step for name, wanted in program.items() for step in self._up(name, wanted)]
        for name in [name for name in reversed(self.held) if name not in program]:
            self._delete(name, self.held.pop(name))
            done.append(f"delete {name}")
        return done

    def refresh(self) -> None:
        for name, held in list(self.held.items()):
            urn = held.wanted.urn(name)
            ident, state, inputs = self.plugin.read(urn, held.ident, held.state, held.inputs)
            if ident:
                self.held[name] = Held(held.wanted, ident, inputs, state)
            else:
                del self.held[name]

    def _up(self, name: str, wanted: Wanted) -> Iterator[str]:
        urn = wanted.urn(name)
        if name not in self.held and not wanted.adopts:
            try:
                ident, state = self.plugin.create(urn, wanted.inputs)
            except grpc.RpcError as error:
                yield f"failed {name}: {error.details()}"
                return
            self.held[name] = Held(wanted, ident, deepcopy(wanted.inputs), state)
            yield f"create {name}"
            return
        if name not in self.held:
            ident, state, inputs = self.plugin.read(urn, wanted.adopts or "", {}, {})
            self.held[name] = Held(wanted, ident, inputs, state)
            yield f"import {name}"
        yield from self._change(urn, name, wanted)

    def _change(self, urn: str, name: str, wanted: Wanted) -> Iterator[str]:
        held, ignored = self.held[name], wanted.ignore_changes
        before = {key: held.inputs[key] for key in ignored if key in held.inputs}
        news = {k: v for k, v in wanted.inputs.items() if k not in ignored} | before
        found = self.plugin.diff(urn, held.state, news, held.inputs, ignoreChanges=ignored)
        if found.changes == pb.DiffResponse.DIFF_NONE:
            return
        if found.replaces:
            if found.deleteBeforeReplace:
                self._delete(name, held)
            ident, state = self.plugin.create(urn, news)
            if not found.deleteBeforeReplace:
                self._delete(name, held)
            yield f"replace {name}"
        else:
            ident = held.ident
            state = self.plugin.update(urn, ident, held.state, news, ignoreChanges=ignored)
            yield f"update {name}"
        self.held[name] = Held(wanted, ident, deepcopy(news), state)

    def _delete(self, name: str, held: Held) -> None:
        self.plugin.delete(held.wanted.urn(name), held.ident, held.state)
