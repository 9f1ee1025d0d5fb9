/** The media type of GraphQL over HTTP, whose statuses say what became of a request (section 6.4). */
export const graphqlResponse = "application/graphql-response+json";

/** In which form a client takes a refusal: undefined where it takes neither form of GraphQL. */
export function acceptedMediaType(accept: string | undefined): string | undefined {
  if (accept === undefined || accept.trim() === "") return "application/json";
  const types = typesOf(accept);
  if (types.includes(graphqlResponse)) return graphqlResponse;
  const takesJson = types.some((type) => type === "application/json" || type === "application/*" || type === "*/*");
  return takesJson ? "application/json" : undefined;
}

/** What the service is asked for: JSON, or events; never a page, and never parts that come later. */
export function upstreamAccept(accept: string | undefined, mayStream: boolean): string {
  const types = accept === undefined ? [] : typesOf(accept);
  if (mayStream && types.includes("text/event-stream")) return "text/event-stream, application/json;q=0.5";
  return types.includes(graphqlResponse) ? `${graphqlResponse}, application/json;q=0.9` : "application/json";
}

function typesOf(accept: string): string[] {
  return accept.split(",").map((part) => (part.split(";")[0] ?? "").trim().toLowerCase());
}
