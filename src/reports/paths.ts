import type { ReportsOptions } from "./options.ts";

/** Where the endpoints of reports stand, as paths. */
export interface ReportPaths {
  /** Reports that browsers make by themselves. */
  readonly reports: string;
  /** Errors that the client script sends. */
  readonly errors: string;
  /** The client script. */
  readonly client: string;
}

/** The endpoints stand beside each other: the script finds the one for errors by its own address. */
export function reportPaths({ path }: Pick<ReportsOptions, "path">): ReportPaths {
  const folder = path.slice(0, path.lastIndexOf("/"));
  return { reports: path, errors: `${folder}/errors`, client: `${folder}/client.js` };
}
