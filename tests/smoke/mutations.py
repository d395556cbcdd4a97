"""The table: what is broken on purpose, and the one check that must see it."""

from dataclasses import dataclass

from smoke.live import Broken

#: A provider that takes a second to answer.
_SLOW = {"at": "provider", "delay": 1.0, "times": 0}


@dataclass(frozen=True)
class Mutation:
    """``check`` and no other fails, by ``layer``; ``what`` is broken, for people."""

    check: str
    layer: str
    what: str
    broken: Broken

    @property
    def gateway(self) -> str:
        return self.check.split("/")[0]

    @property
    def kind(self) -> str:
        return self.check.rsplit("/", 1)[1]


def _switched(check: str, switch: str, what: str, layer: str = "gateway") -> Mutation:
    return Mutation(check, layer, what, Broken(switches=[switch]))


MUTATIONS = (
    _switched(
        "closed/answer/answer", "garbles-answers", "the answer is JSON of another shape", "provider"
    ),
    Mutation(
        "closed/answer/answer", "provider", "the provider fails at each request",
        Broken(faults=[{"at": "provider", "status": 500, "times": 0}]),
    ),
    _switched(
        "refusing/answer/answer", "ignores-hazardous-prompts", "what is to be refused is served"
    ),
    _switched(
        "streaming/answer/stream", "cuts-streams", "a stream breaks off before its end", "provider"
    ),
    _switched("open/answer/authentication-off", "asks-for-token", "an open gateway wants a token"),
    _switched(
        "closed/answer/authentication-required", "serves-without-token", "no token is needed"
    ),
    _switched(
        "refusing/answer/authentication-required", "serves-without-token",
        "no token is needed for what is refused for another reason",
    ),
    _switched("closed/answer/wrong-token-refused", "takes-any-token", "any token will do"),
    _switched("closed/answer/logged", "never-logs", "calls are not logged"),
    _switched("open/answer/not-logged", "logs-all", "calls are logged although logs are off"),
    _switched("closed/answer/log-found", "loses-logs", "a log id is given, and no log kept"),
    _switched("closed/answer/log-found", "loses-metadata", "logs are kept without metadata"),
    _switched(
        "expecting/answer/expected-json", "answers-off-topic", "the model talks of other things",
        "provider",
    ),
    _switched(
        "expecting/answer/expected-cost", "answers-at-length", "the model writes a novel",
        "provider",
    ),
    Mutation(
        "expecting/answer/expected-latency", "provider", "the model takes a second",
        Broken(faults=[_SLOW]),
    ),
    _switched("closed/answer/cache-hit", "never-caches", "nothing is cached"),
    _switched("timed/answer/cache-hit", "ignores-cache-ttl", "a request's own time is ignored"),
    _switched("open/answer/cache-off", "caches-all", "everything is cached"),
    _switched("skipping/feeling/cache-off", "ignores-skip-cache", "skipping the cache is ignored"),
    _switched("keyed/answer/cache-key", "ignores-cache-key", "a cache key is ignored"),
    _switched("closed/answer/cache-expires", "keeps-too-long", "answers are kept for a month"),
    _switched("closed/answer/cache-expires", "forgets-early", "answers are kept half as long"),
    _switched(
        "guarded/answer/guardrails-prompt", "ignores-hazardous-prompts",
        "guardrails do not look at prompts",
    ),
    _switched(
        "guarded/answer/guardrails-response", "ignores-hazardous-answers",
        "guardrails do not look at answers",
    ),
    _switched(
        "protected/answer/dlp-request", "ignores-data-in-requests", "DLP does not look at requests"
    ),
    _switched(
        "protected/answer/dlp-response", "ignores-data-in-answers", "DLP does not look at answers"
    ),
    _switched("patient/answer/retries", "never-retries", "a failing provider is asked once"),
    _switched(
        "routed/paid/route", "mistakes-conditions", "a route goes the other way at a condition"
    ),
    Mutation(
        "routed/paid/route", "provider", "a route's first model fails, and its fallback answers",
        Broken(faults=[{"at": "provider", "status": 500, "times": 2}]),
    ),
    _switched(
        "routed/paid/fallback", "never-falls-back", "a route ends where its first model fails"
    ),
    _switched("limited/answer/rate-limit", "ignores-rate-limit", "the rate limit is ignored"),
)  # fmt: skip
