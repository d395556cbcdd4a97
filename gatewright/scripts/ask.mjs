// Asks one question through an AI gateway: the Worker that gatewright ships.
//
// AI       the binding to Workers AI
// MODEL    the model's name
// INPUTS   what it is asked, as JSON
// GATEWAY  the gateway and its options, as JSON: id, skipCache, cacheTtl, …
export default {
  async fetch(request, env) {
    const inputs = JSON.parse(env.INPUTS);
    // A question in the address takes the place of the prompt: …/?prompt=Why
    const prompt = new URL(request.url).searchParams.get("prompt");
    if (prompt !== null) inputs.prompt = prompt;
    try {
      const response = await env.AI.run(JSON.parse(env.MODEL), inputs, {
        gateway: JSON.parse(env.GATEWAY),
      });
      return Response.json(response, { headers: { "cf-aig-log-id": env.AI.aiGatewayLogId ?? "" } });
    } catch (error) {
      return Response.json({ name: error.name, message: error.message }, { status: 502 });
    }
  },
};
