import type { SessionOptions } from "./options.ts";

/** Where the endpoints of sessions stand, as paths. */
export interface SessionPaths {
  /** Says who is signed in. */
  readonly session: string;
  readonly login: string;
  readonly callback: string;
  readonly logout: string;
  /** The sessions of the same user, and the end of each or of all. */
  readonly devices: string;
  /** Where the provider says that a session is over (OpenID Connect Back-Channel Logout). */
  readonly backChannel: string;
}

/** The endpoints stand below one folder. */
export function sessionPaths({ path }: Pick<SessionOptions, "path">): SessionPaths {
  return {
    session: path,
    login: `${path}/login`,
    callback: `${path}/callback`,
    logout: `${path}/logout`,
    devices: `${path}/devices`,
    backChannel: `${path}/back-channel-logout`,
  };
}
