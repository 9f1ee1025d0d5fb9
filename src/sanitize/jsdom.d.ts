/** What is used of jsdom, which has no types of its own. */
declare module "jsdom" {
  export class VirtualConsole {
    on(event: string, listener: () => void): this;
  }
  export class JSDOM {
    constructor(html: string, options: { readonly virtualConsole: VirtualConsole });
    readonly window: object;
  }
}
