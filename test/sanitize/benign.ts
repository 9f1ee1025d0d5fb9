/** Texts as content management systems hold them, and what is left of them: the very same, unless written out. */
export interface BenignText {
  readonly profile: "text" | "basic" | "rich";
  readonly html: string;
  /** Where it is written in another way: quotation marks, end tags, what links say of themselves. */
  readonly becomes?: string;
}

const rich = (html: string, becomes?: string): BenignText => ({
  profile: "rich",
  html,
  ...(becomes !== undefined && { becomes }),
});
const basic = (html: string, becomes?: string): BenignText => ({
  profile: "basic",
  html,
  ...(becomes !== undefined && { becomes }),
});
const text = (html: string, becomes?: string): BenignText => ({
  profile: "text",
  html,
  ...(becomes !== undefined && { becomes }),
});

export const benign: readonly BenignText[] = [
  rich("<h2>Slow growth</h2><p>Trees from <em>cold</em> slopes grow <strong>slowly</strong>.</p>"),
  rich('<ul><li>Oak</li><li>Willow<ul><li>white</li></ul></li></ul><ol start="3" reversed=""><li>Ash</li></ol>'),
  rich(
    '<table><caption>Woods</caption><thead><tr><th scope="col">Wood</th></tr></thead><tbody><tr><td colspan="2">Oak</td></tr></tbody></table>',
  ),
  rich('<table><colgroup><col span="2"></colgroup><tbody><tr><td>1</td><td>2</td></tr></tbody></table>'),
  rich(
    '<figure><img src="/media/1.png" alt="The kiln" width="320" loading="lazy"><figcaption>Day three</figcaption></figure>',
  ),
  rich(
    '<img src="https://images.example/a.jpg?w=800&amp;q=75" srcset="/a.jpg 1x, /b.jpg 2x" sizes="(max-width: 600px) 100vw, 600px" alt="">',
  ),
  rich(
    '<picture><source srcset="/a.avif 480w, /b.avif 800w" type="image/avif" media="(min-width: 800px)"><img src="/a.jpg" alt="A"></picture>',
  ),
  rich(
    '<video controls="" preload="none" poster="/p.jpg" width="640"><source src="/v.webm" type="video/webm"><track kind="captions" src="/v.vtt" srclang="en" label="English"></video>',
  ),
  rich('<audio controls="" src="/a.ogg"></audio>'),
  rich(
    '<pre><code class="language-js"><span class="hljs-keyword">if</span> (a &lt; b &amp;&amp; c &gt; d) alert("&lt;script&gt;");</code></pre>',
  ),
  rich(
    "<p>Use <code>&lt;script&gt;</code>, <kbd>Ctrl</kbd>+<kbd>C</kbd>, <var>x</var><sup>2</sup>, H<sub>2</sub>O.</p>",
  ),
  rich(
    '<p>See <a href="/articles/kiln#heat">the kiln</a>, <a href="mailto:shop@shop.example?subject=Kiln">write</a>, <a href="tel:+4755512345">call</a>.</p>',
  ),
  rich('<p><a href="https://kiln.example/" rel="noopener noreferrer sponsored" target="_blank">Kilns</a></p>'),
  rich(
    '<p><a href="https://kiln.example/">Kilns</a></p>',
    '<p><a href="https://kiln.example/" rel="noopener noreferrer">Kilns</a></p>',
  ),
  rich('<h2 id="user-content-heat">Heat</h2><p><a href="#user-content-heat">back</a></p>'),
  rich(
    '<h2 id="heat">Heat</h2><p><a href="#heat">to it</a> <a href="#comments">out of it</a></p>',
    '<h2 id="user-content-heat">Heat</h2><p><a href="#user-content-heat">to it</a> <a href="#comments">out of it</a></p>',
  ),
  rich('<blockquote cite="https://book.example/"><p>Patience.</p><footer><cite>A potter</cite></footer></blockquote>'),
  rich("<details><summary>Care</summary><p>Wipe with oil.</p></details>"),
  rich("<dl><dt>Oak</dt><dd>120 years</dd></dl><hr><address>Bergen</address>"),
  rich(
    '<p lang="ar" dir="rtl">مرحبا <bdi>Anna</bdi></p><p lang="ja"><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby></p>',
  ),
  rich(
    '<p>Published <time datetime="2026-03-04T08:00:00Z">4 March</time>, <del datetime="2026-01-01">100</del> <ins>80</ins> €.</p>',
  ),
  rich("<p>Größe: 10 × 20 cm – „schön“, l’été, naïve 👍🏽</p>"),
  rich("<p>Tom &amp; Jerry, 5 &lt; 6, &nbsp;spaced</p>"),
  rich('<section aria-label="Care"><h3>Care</h3></section><aside role="note"><p>Oil it.</p></aside>'),
  rich("<p>one<br>two<wbr>three</p>"),
  rich("<P>Old<BR>style <FONT>text</FONT>", "<p>Old<br>style text</p>"),
  rich("<p>First<p>Second<ul><li>a<li>b</ul>", "<p>First</p><p>Second</p><ul><li>a</li><li>b</li></ul>"),
  rich("plain text without any markup & an ampersand"),
  rich("2 < 3 and 4 > 3"),
  rich("<p>A text about attacks: &lt;img src=x onerror=hit()&gt; and javascript:hit() in prose.</p>"),
  rich("<p>{{ handlebars }} and ${templates} and &lt;% tags %&gt; stay text.</p>"),
  rich('<p onclick="">kept <!-- editor\'s note --> text</p>', "<p>kept  text</p>"),
  rich("\n  <p>Indented</p>\n\n  <p>text</p>\n"),
  basic("<p>The <strong>finish</strong> is lovely.</p>"),
  basic("<ul><li>Well packed</li><li>Fair price</li></ul>"),
  basic('<p>See <a href="https://me.example/photos" rel="noopener noreferrer nofollow ugc">my photos</a></p>'),
  basic(
    "<p>See <a href=https://me.example/photos rel=follow>my photos</a></p>",
    '<p>See <a href="https://me.example/photos" rel="noopener noreferrer nofollow ugc">my photos</a></p>',
  ),
  basic("<blockquote>They said</blockquote><pre>as it was</pre><p><u>under</u> <s>out</s> <mark>mark</mark></p>"),
  basic("<h1>SHOUTING</h1><p>then not</p>", "SHOUTING\n<p>then not</p>"),
  basic("I <3 it, AT&T, 1 &lt; 2"),
  text('Tom & Jerry <3 "it", l\'été, 5 > 4, AT&T'),
  text("&lt;b&gt; is how bold begins"),
  text("<b>Bold</b> claim", "Bold claim"),
  text("<p>One</p><p>Two<br>Three</p>", "One\nTwo\nThree"),
  text("if (a<b) return", "if (a"),
  text("<i>a < b && c &lt;d&gt;</i>", "a < b && c &lt;d>"),
];
