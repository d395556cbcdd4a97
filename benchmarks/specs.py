"""The specs that the benchmarks generate, by the number of a gateway."""

MINIMAL = """\
id: gateway-{number:05d}
authentication: true
"""

REALISTIC = """\
# yaml-language-server: $schema=../schemas/gateway.schema.json
id: gateway-{number:05d}
description: Number {number} of the gateways that a benchmark declares.

authentication: true
cache:
  ttl: 1h
  invalidate_on_update: true
rate_limiting:
  limit: 600
  interval: 1m
  technique: sliding
retries:
  max_attempts: 3
  delay: 500ms
  backoff: exponential
logs:
  collect: true
  limit: 100000
  strategy: DELETE_OLDEST

endpoints:
  answer:
    provider: workers-ai
    api: run
    model: "@cf/meta/llama-3.1-8b-instruct"
    body:
      prompt: What is Cloudflare?
      max_tokens: 32
    cache:
      skip: false
      ttl: 10m
  chat:
    provider: workers-ai
    api: chat-completions
    model: "@cf/meta/llama-3.1-8b-instruct"
    body:
      messages:
        - role: system
          content: You answer in one sentence.
        - role: user
          content: What is Cloudflare?
      max_tokens: 32
  sentiment:
    provider: workers-ai
    api: run
    model: "@cf/huggingface/distilbert-sst-2-int8"
    body:
      text: Cloudflare docs are amazing!
    cache:
      key: sentiment-{number}
  search:
    provider: workers-ai
    api: embeddings
    model: "@cf/baai/bge-base-en-v1.5"
    body:
      input: How long are answers kept?
"""

#: More gateways than an account may have are meant here.
SETTINGS = "rules:\n  too-many-gateways: ignore\n"
