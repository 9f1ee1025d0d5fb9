import { computed, defineComponent, h, type PropType } from "vue";
import { jsonLd, type ProfileChoice, safeHtml } from "headgate/browser";
import { type ContainerName, containerOf } from "../lib/html/container.ts";

/** Shows HTML that somebody else wrote: `<SafeHtml :html="article.body" profile="rich" as="article" />`. */
export const SafeHtml = defineComponent({
  name: "SafeHtml",
  props: {
    /** Whatever it holds: it is cleaned here, on the server and in the browser. */
    html: { type: String, required: true },
    /** `basic` unless told. */
    profile: { type: [String, Object] as PropType<ProfileChoice>, default: "basic" },
    /** The element around it. */
    as: { type: String as PropType<ContainerName>, default: "div" },
  },
  setup(props) {
    const clean = computed(() => safeHtml(props.html, props.profile));
    return () => h(containerOf(props.as), { innerHTML: clean.value });
  },
});

/** Structured data about a page, in a script element that none of its texts can end. */
export const JsonLd = defineComponent({
  name: "JsonLd",
  props: {
    /** Whatever JSON can hold. */
    data: { type: null as unknown as PropType<unknown>, required: true },
  },
  setup(props) {
    const json = computed(() => jsonLd(props.data));
    return () => h("script", { type: "application/ld+json", innerHTML: json.value });
  },
});
