import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Contestant, Scene } from "../contestant.ts";
import { findProgram } from "../find-program.ts";

const MODSECURITY_MODULE = "/usr/lib/nginx/modules/ngx_http_modsecurity_module.so";
// The recommended settings of ModSecurity, as Debian's package of the nginx module installs them.
const MODSECURITY_SETTINGS = "/etc/nginx/modsecurity.conf";
const CORE_RULE_SETUP = "/etc/modsecurity/crs/crs-setup.conf";
const CORE_RULES = "/usr/share/modsecurity-crs/rules";

const ATTACK_PATH = "/api/products?name=%3Cscript%3Ealert(1)%3C/script%3E";

/** nginx as a plain proxy, and with ModSecurity and the OWASP Core Rule Set at its default paranoia level. */
export const nginxContestants: readonly Contestant[] = [
  nginx("nginx-modsecurity", "nginx with ModSecurity and CRS (GET only)", true),
  nginx("nginx-plain", "nginx, plain proxy", false),
];

function nginx(name: string, title: string, firewall: boolean): Contestant {
  return {
    name,
    title,
    duty: "proxy",
    algorithm: "ES256",
    ...(firewall && { attackPath: ATTACK_PATH }),
    async launch(scene) {
      const program = findProgram("nginx");
      if (!program) return { unavailable: "not installed (apt-get install nginx-core)" };
      if (firewall && ![MODSECURITY_MODULE, MODSECURITY_SETTINGS, CORE_RULE_SETUP, CORE_RULES].every(existsSync)) {
        return { unavailable: "not installed (apt-get install libnginx-mod-http-modsecurity modsecurity-crs)" };
      }
      if (firewall) await writeFile(rulesPath(scene), rules);
      const path = join(scene.folder, `${name}.conf`);
      await writeFile(path, configuration(scene, name, firewall));
      return { command: program, args: ["-p", scene.folder, "-c", path] };
    },
  };
}

const rulesPath = (scene: Scene) => join(scene.folder, "modsecurity.conf");

// The recommended settings only detect, for a first look; in production the engine blocks. Logging is off everywhere.
const rules = `Include ${MODSECURITY_SETTINGS}
SecRuleEngine On
SecAuditEngine Off
Include ${CORE_RULE_SETUP}
Include ${CORE_RULES}/*.conf
`;

function configuration(scene: Scene, name: string, firewall: boolean): string {
  return `${firewall ? `load_module ${MODSECURITY_MODULE};` : ""}
daemon off;
worker_processes 1;
pid ${name}.pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${name}-body;
  proxy_temp_path ${name}-proxy;
  fastcgi_temp_path ${name}-fastcgi;
  uwsgi_temp_path ${name}-uwsgi;
  scgi_temp_path ${name}-scgi;
  keepalive_requests 1000000;
  ${firewall ? `modsecurity on; modsecurity_rules_file ${rulesPath(scene)};` : ""}
  upstream api {
    server 127.0.0.1:${scene.upstreamPort};
    keepalive 128;
    keepalive_requests 1000000;
  }
  server {
    listen 127.0.0.1:${scene.port};
    location / {
      proxy_pass http://api;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $host;
    }
  }
}
`;
}
