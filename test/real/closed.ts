import type { WordPress } from "../../scripts/wordpress.ts";
import type { WireRequest } from "./send.ts";

/** Something that WordPress answers by default and the gateway must not. */
export interface Closed {
  readonly name: string;
  readonly request: (wordpress: WordPress) => WireRequest;
  /** What gives it away: shown by WordPress itself, never through the gateway. */
  readonly reveals: (wordpress: WordPress) => RegExp;
  /** A request as near to it as can be that has to keep working, and what it shows. */
  readonly neighbour: (wordpress: WordPress) => WireRequest;
  readonly shows: (wordpress: WordPress) => RegExp;
}

const api = "/wp-json/wp/v2";
const posts: Pick<Closed, "neighbour" | "shows"> = {
  neighbour: () => ({ path: `${api}/posts` }),
  shows: ({ posts }) => new RegExp(posts.herring.title),
};
const editorsName: Closed["reveals"] = ({ users }) => new RegExp(`"slug":"${users.editor.login}"`);
const form = { "content-type": "application/x-www-form-urlencoded" };
const json = { "content-type": "application/json" };
const xml = { "content-type": "text/xml" };

/** One request, the list of users, in every spelling that WordPress understands. */
export const userListSpellings: readonly Closed[] = [
  ["its own path", { path: `${api}/users` }],
  ["the route as a query key", { path: "/?rest_route=/wp/v2/users" }],
  ["two slashes in front", { path: `/${api}/users` }],
  ["two slashes inside", { path: "/wp-json//wp/v2/users" }],
  ["the path behind index.php", { path: `/index.php${api}/users` }],
  ["an encoded slash", { path: "/wp-json/wp%2Fv2/users" }],
  [
    "the route in a form, the method in the query",
    { method: "POST", path: "/?_method=GET", headers: form, body: "rest_route=/wp/v2/users" },
  ],
  [
    "another method, overridden by a header",
    { method: "POST", path: `${api}/users`, headers: { "x-http-method-override": "GET" } },
  ],
  // Beyond the usual eight: paths that are declared, and keys that only PHP reads as the same.
  ["the route as a query key on a path that is open", { path: `${api}/posts?rest_route=/wp/v2/users` }],
  ["a query key that PHP rewrites, on a path that is open", { path: `${api}/posts?rest.route=/wp/v2/users` }],
  ["an encoded query key on a path that is open", { path: `${api}/posts?%72est%5Froute=%2Fwp%2Fv2%2Fusers` }],
  [
    "the route in the form of a path that is open",
    { method: "POST", path: `${api}/posts?_method=GET`, headers: form, body: "rest_route=/wp/v2/users" },
  ],
].map(([name, request]) => ({
  name: name as string,
  request: () => request as WireRequest,
  reveals: editorsName,
  ...posts,
}));

/** Everything else that a default WordPress tells or does for anybody. */
export const otherDoors: readonly Closed[] = [
  {
    name: "a single user",
    request: ({ users }) => ({ path: `${api}/users/${users.editor.id}` }),
    reveals: editorsName,
    ...posts,
  },
  {
    name: "the author of a number",
    request: ({ users }) => ({ path: `/?author=${users.editor.id}` }),
    reveals: ({ users }) => new RegExp(`/author/${users.editor.login}/`),
    ...posts,
  },
  {
    name: "the authors that come along with posts",
    request: () => ({ path: `${api}/posts?_embed` }),
    reveals: editorsName,
    ...posts,
  },
  {
    name: "the posts of an author",
    request: ({ users }) => ({ path: `${api}/posts?author=${users.editor.id}` }),
    reveals: ({ posts }) => new RegExp(posts.herring.title),
    neighbour: ({ category }) => ({ path: `${api}/posts?categories=${category.id}` }),
    shows: ({ posts }) => new RegExp(posts.herring.title),
  },
  {
    name: "the author of an embedded page",
    request: ({ url, posts }) => ({
      path: `/wp-json/oembed/1.0/embed?url=${encodeURIComponent(`${url}/${posts.herring.slug}/`)}`,
    }),
    reveals: ({ users }) => new RegExp(`author.*${users.editor.login}`),
    ...posts,
  },
  {
    name: "the site map of users",
    request: () => ({ path: "/wp-sitemap-users-1.xml" }),
    reveals: ({ users }) => new RegExp(`/author/${users.editor.login}/`),
    ...posts,
  },
  {
    name: "the feed with its authors",
    request: () => ({ path: "/feed/" }),
    reveals: () => /<dc:creator>/,
    ...posts,
  },
  {
    name: "the comments and who wrote them",
    request: () => ({ path: `${api}/comments` }),
    reveals: () => /"author_name":"Joost"/,
    ...posts,
  },
  {
    name: "the index of all routes",
    request: () => ({ path: "/wp-json/" }),
    reveals: () => /"\\?\/batch\\?\/v1"/,
    ...posts,
  },
  {
    name: "logging in by XML-RPC, any number of calls in one",
    request: ({ users }) => ({
      method: "POST",
      path: "/xmlrpc.php",
      headers: xml,
      body: multicall(users.editor.login, [users.editor.password, users.editor.password]),
    }),
    reveals: () => /<name>blogName<\/name>/,
    ...posts,
  },
  {
    name: "the batch endpoint",
    request: () => ({ method: "POST", path: "/wp-json/batch/v1", headers: json, body: batch }),
    reveals: () => /"responses":\[/,
    ...posts,
  },
  {
    name: "the batch endpoint as a query key",
    request: () => ({ method: "POST", path: "/?rest_route=/batch/v1", headers: json, body: batch }),
    reveals: () => /"responses":\[/,
    ...posts,
  },
  {
    name: "the batch endpoint as a query key on a path that is open",
    request: () => ({ method: "POST", path: `${api}/posts?rest_route=/batch/v1`, headers: json, body: batch }),
    reveals: () => /"responses":\[/,
    ...posts,
  },
  {
    name: "an answer as a script for any page",
    request: () => ({ path: `${api}/posts?_jsonp=steal` }),
    reveals: () => /steal\(/,
    ...posts,
  },
  {
    name: "the login form",
    request: () => ({ path: "/wp-login.php" }),
    reveals: () => /<form name="loginform"/,
    ...posts,
  },
  {
    name: "the readme with its version",
    request: () => ({ path: "/readme.html" }),
    reveals: () => /ReadMe/,
    ...posts,
  },
  {
    name: "a page size that makes the database work",
    request: () => ({ path: `${api}/posts?per_page=100` }),
    reveals: ({ posts }) => new RegExp(posts.herring.title),
    neighbour: () => ({ path: `${api}/posts?per_page=50` }),
    shows: ({ posts }) => new RegExp(posts.herring.title),
  },
];

const batch = JSON.stringify({ requests: [{ method: "POST", path: "/wp/v2/posts", body: { title: "x" } }] });

function multicall(login: string, passwords: readonly string[]): string {
  const text = (value: string) => `<value><string>${value}</string></value>`;
  const calls = passwords.map(
    (password) =>
      "<value><struct>" +
      `<member><name>methodName</name>${text("wp.getUsersBlogs")}</member>` +
      `<member><name>params</name><value><array><data>${text(login)}${text(password)}</data></array></value></member>` +
      "</struct></value>",
  );
  return (
    "<?xml version='1.0'?><methodCall><methodName>system.multicall</methodName><params><param><value><array><data>" +
    `${calls.join("")}</data></array></value></param></params></methodCall>`
  );
}
