/**
 * Takes the code out of a text that people wrote: fenced blocks, indented blocks, spans in backticks, and in HTML what
 * stands in `pre` and `code`. Markdown and HTML editors show it as it is written, so an article may hold any payload there.
 * What is left is what acts.
 */
export function withoutCode(text: string): string {
  let rest = text;
  if (rest.includes("```") || rest.includes("~~~")) rest = withoutFences(rest);
  if (rest.includes("`")) rest = withoutSpans(rest);
  if (rest.includes("    ")) rest = rest.replace(/(?:^|\n)(?: {4,})[^\n]*/g, "\n");
  return rest;
}

/** The same for HTML elements; markup inside of them acts and stays, since a browser reads tags there too. */
export function withoutCodeElements(html: string): string {
  if (!html.includes("<code") && !html.includes("<pre") && !html.includes("<kbd") && !html.includes("<samp"))
    return html;
  return html.replace(/<(?:code|pre|kbd|samp)(?:\s[^<>]{0,200})?>[^<]*/g, " ");
}

function withoutFences(text: string): string {
  const kept: string[] = [];
  let fence: string | undefined;
  for (const line of text.split("\n")) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) {
      if (mark === undefined) kept.push(line);
      else fence = mark;
    } else if (mark !== undefined && mark[0] === fence[0] && mark.length >= fence.length) fence = undefined;
  }
  // A fence that nobody closes hides nothing.
  return fence === undefined ? kept.join("\n") : text;
}

/** Spans between runs of backticks of the same length (CommonMark section 6.1), within one paragraph. */
function withoutSpans(text: string): string {
  return text.replace(/(?<!`)`(?!`)[^`\n]{1,2000}`(?!`)/g, " ");
}
