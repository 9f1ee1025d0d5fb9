import { InvalidArgumentError } from "commander";

/** Reads a port of the command line: a number, 0 for any free one, or `off`. */
export function parsePort(text: string): number | false {
  if (text === "off") return false;
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('a port is a number up to 65535, or "off"');
  return port;
}
