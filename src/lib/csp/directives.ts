/** Directives that take sources (CSP Level 3, section 6), of those that a policy may name. */
export const sourceDirectives = [
  "script-src",
  "style-src",
  "img-src",
  "font-src",
  "connect-src",
  "media-src",
  "frame-src",
  "worker-src",
  "manifest-src",
  "form-action",
  "frame-ancestors",
] as const;

/** The name of a directive that takes sources. */
export type SourceDirective = (typeof sourceDirectives)[number];

/** Whether a policy may name sources for a directive of that name. */
export function isSourceDirective(name: string): name is SourceDirective {
  return (sourceDirectives as readonly string[]).includes(name);
}

/** Sources by directive. */
export type Directives = Readonly<Partial<Record<SourceDirective, readonly string[]>>>;

/**
 * What every page may do without being asked: load from its own site. Scripts are not here: what of them runs is decided
 * by nonce or hash. `default-src`, `object-src` and `base-uri` are `'none'` and stay so.
 */
export const ownSite: Directives = {
  "style-src": ["'self'"],
  "img-src": ["'self'", "data:"],
  "font-src": ["'self'"],
  "connect-src": ["'self'"],
  "media-src": ["'self'"],
  "worker-src": ["'self'"],
  "manifest-src": ["'self'"],
  "form-action": ["'self'"],
};

/** All sources of several policies together, each once, in the order of `sourceDirectives`. */
export function mergeDirectives(...parts: readonly Directives[]): Directives {
  const merged: Partial<Record<SourceDirective, readonly string[]>> = {};
  for (const name of sourceDirectives) {
    const sources = new Set(parts.flatMap((part) => part[name] ?? []));
    // 'none' says that there is nothing beside it.
    if (sources.size > 1) sources.delete("'none'");
    if (sources.size > 0) merged[name] = [...sources];
  }
  return merged;
}
