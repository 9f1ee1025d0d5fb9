/**
 * The settings of the commerce backend, as they were committed in 2019.
 *
 * secrets-hardcoded: values in the source; secrets-rotation: none was ever changed; secrets-manager: no store is asked.
 * Every value is invented for this lab and opens nothing else.
 */
export const config = {
  databaseUser: "shop_root",
  databasePassword: "Sommer2019!",
  sessionSecret: "secret",
  supportEmail: "support@shop.example",
  supportPassword: "let-me-in-2019",
  keysCreatedAt: "2019-03-04",
  keysRotatedAt: null,
} as const;
