// Shows the service's own OpenAPI document; the page lies at <service>/v1/docs, the document beside it.
window.addEventListener("DOMContentLoaded", () => {
  SwaggerUIBundle({
    url: "openapi.json",
    dom_id: "#docs",
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    // no call to a validator elsewhere, nothing kept in the browser
    validatorUrl: null,
    persistAuthorization: false,
    presets: [SwaggerUIBundle.presets.apis],
  });
});
