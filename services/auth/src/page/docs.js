/** Draws the API's description, and lets whoever is signed in try it. */
document.documentElement.classList.toggle("dark-mode", matchMedia("(prefers-color-scheme: dark)").matches);
const { SwaggerUIBundle } = /** @type {any} */ (globalThis);

SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  // The validator that it would show a badge of is somebody else's server.
  validatorUrl: null,
  /** @param {{ headers: Record<string, string> }} request */
  requestInterceptor(request) {
    request.headers["x-requested-with"] = "nectr";
    return request;
  },
});
