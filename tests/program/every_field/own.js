export default { fetch: () => new Response("ours") };
