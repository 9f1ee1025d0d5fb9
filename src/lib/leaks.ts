/** A shape in an error's text that tells about the inside, with texts that have it and texts that look alike. */
export interface LeakShape {
  readonly name: string;
  readonly pattern: RegExp;
  readonly found: readonly string[];
  readonly spared: readonly string[];
}

/**
 * Structures, not words: a title that says "internal error" tells nothing, a frame with a file and a line tells where to
 * dig. Every pattern is linear in the text.
 */
export const leakShapes: readonly LeakShape[] = [
  {
    name: "stack frame (JavaScript)",
    pattern: /\bat [^\n]{0,200}?:\d{1,7}:\d{1,7}\b/,
    found: ["at Object.<anonymous> (/srv/app/index.js:10:5)", "    at async run (file:///app/main.mjs:1:20)"],
    spared: ["We open at 10:30 tomorrow", "at least 3 items"],
  },
  {
    name: "stack frame (Python)",
    pattern: /Traceback \(most recent call last\)|File "[^"\n]{1,300}", line \d+/,
    found: ['File "/app/views.py", line 12, in get'],
    spared: ['The file "invoice.pdf" has 12 lines'],
  },
  {
    name: "stack frame (JVM)",
    pattern: /\bat [\w.$]{1,200}\([\w$]{1,100}\.(?:java|kt|scala):\d+\)/,
    found: ["at com.shop.OrderService.find(OrderService.java:42)"],
    spared: ["at the store (Main Street)"],
  },
  {
    name: "stack frame (.NET)",
    pattern: /\bat [\w.`<>[\], ]{1,200}\([^)\n]{0,200}\) in [^\n]{1,200}:line \d+/,
    found: ["at Shop.Orders.Find(Int32 id) in C:\\src\\Orders.cs:line 20"],
    spared: ["at home (or in the shop): line up"],
  },
  {
    name: "stack frame (PHP)",
    pattern: /(?:^|\s|>)#\d+ [^\n]{1,200}\(\d+\): |(?:Fatal error|Warning|Notice)<?\/?b?>?: [^\n]{1,300} on line /,
    found: ["#0 /var/www/index.php(12): query()", "Warning: Undefined index in /var/www/x.php on line 3"],
    spared: ["Order #12 (2): thanks"],
  },
  {
    name: "stack frame (Go, Rust, Ruby)",
    pattern: /goroutine \d+ \[|panicked at |\.rb:\d+:in [`']/,
    found: ["goroutine 1 [running]:", "app/models/order.rb:10:in `find'"],
    spared: ["the panic button"],
  },
  {
    name: "SQL",
    pattern:
      /SQLSTATE\[?|ORA-\d{5}|\bER_[A-Z_]{4,}|SQLITE_[A-Z]+|near "[^"\n]{0,80}": syntax error|no such (?:table|column)|(?:duplicate key value|violates \w+ constraint)|\bselect\b[^\n]{1,300}\bfrom\b[^\n]{1,200}\bwhere\b/i,
    found: [
      'near "x": syntax error',
      "no such column: foo",
      "SQLSTATE[42S02]: Base table or view not found",
      "select * from users where id = 1",
      'duplicate key value violates unique constraint "users_email_key"',
    ],
    spared: ["Select a size from the list", "Please sign in"],
  },
  {
    name: "file path",
    pattern:
      /(?:^|[\s"'(:=])\/(?:usr|var|home|srv|opt|etc|root|app|node_modules|Users|private)\/[\w.-]+|\bnode_modules\/|\b[A-Z]:\\\\?[\w.-]+\\/,
    found: [
      "ENOENT: no such file or directory, open '/var/www/config.json'",
      "C:\\inetpub\\wwwroot\\web.config",
      '"file":"/srv/shop/orders.ts"',
    ],
    spared: ["/orders/42", "see /help/returns", "https://shop.example/app/help"],
  },
  {
    name: "internal address",
    pattern:
      /\b(?:ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH)\b|\b(?:10|127)\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|\b192\.168\.\d{1,3}\.\d{1,3}\b|[\w-]\.(?:internal|svc\.cluster\.local)\b|\b(?:postgres|postgresql|mysql|mongodb|redis|amqp):\/\//,
    found: ["connect ECONNREFUSED 10.0.0.5:5432", "postgres://shop@db", "db-7.shop.internal"],
    spared: ["version 10.2.1", "internal error"],
  },
];

/** The first shape that the text has. */
export function findLeak(text: string): string | undefined {
  return leakShapes.find(({ pattern }) => pattern.test(text))?.name;
}
