import { problemTypes, problemTypeUri, type Refusal } from "../../problem.ts";

/**
 * One error of GraphQL for a refusal of the gateway (GraphQL specification, section 7.1.2): the title as its message, and
 * the members of the problem (RFC 9457) as its extensions, so that a client of either kind finds what it looks for.
 */
export function toGraphqlError({ problem, status, requestId, fields }: Refusal): Readonly<Record<string, unknown>> {
  return {
    message: problemTypes[problem].title,
    extensions: {
      code: problem.toUpperCase().replaceAll("-", "_"),
      type: problemTypeUri(problem),
      status,
      instance: `urn:uuid:${requestId}`,
      ...(fields && fields.length > 0 && { errors: fields }),
    },
  };
}
