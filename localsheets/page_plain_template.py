"""The markup of the sheet's page: one document each, styles and script inside under the page's nonce."""

from __future__ import annotations

from string import Template

_STYLE = """
:root{color-scheme:light dark;--line:#d9dde3;--head:#f4f6f8;--ink:#1f2933;--paper:#fff;--mark:#0b7a53}
@media (prefers-color-scheme:dark){:root{--line:#38414b;--head:#222a32;--ink:#e4e9ee;--paper:#171c21;--mark:#5ccf9f}}
*{box-sizing:border-box}body{margin:0;font:14px/1.4 system-ui,sans-serif;color:var(--ink);background:var(--paper);
display:grid;grid-template-rows:auto 1fr auto;height:100vh}
header,footer{display:flex;gap:1rem;align-items:center;padding:.6rem 1rem;background:var(--head)}
header{border-bottom:1px solid var(--line)}footer{border-top:1px solid var(--line);overflow-x:auto}
h1{font-size:1.05rem;margin:0;flex:1;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
main{overflow:auto}table{border-collapse:separate;border-spacing:0;font-size:13px}
th,td{border-right:1px solid var(--line);border-bottom:1px solid var(--line);padding:.15rem .5rem;min-width:5.5rem;
max-width:26rem;overflow:hidden;text-overflow:ellipsis;white-space:pre;height:1.7rem}
th{background:var(--head);font-weight:500;text-align:center;min-width:3rem}
thead th{position:sticky;top:0;z-index:2}
tbody th{position:sticky;left:0;z-index:1}thead th:first-child{left:0;z-index:3}
nav{display:flex;gap:.3rem;align-items:center}
nav a{padding:.35rem .8rem;border-radius:.4rem;color:inherit;text-decoration:none;
white-space:nowrap}
nav a[aria-current]{background:var(--paper);color:var(--mark);font-weight:600;box-shadow:0 0 0 1px var(--line)}
a{color:var(--mark)}a:focus-visible{outline:2px solid var(--mark)}ul{line-height:2}#state{font-size:12px;opacity:.75}
"""
_SCRIPT = r"""
const shown={version:"$version"};
async function look(){
  try{
    const answer=await fetch("/spreadsheets/d/$sid/version");
    const {version}=await answer.json();
    document.getElementById("state").textContent="live";
    if(String(version)!==shown.version){
      const text=(await (await fetch(location.href)).text()).replace(/<style[^]*?<\/style>/g,"");
      const fresh=new DOMParser().parseFromString(text,"text/html");
      for(const id of ["grid","tabs","pager","title"])
        document.getElementById(id).replaceChildren(...fresh.getElementById(id).childNodes);
      shown.version=String(version);
    }
  }catch{document.getElementById("state").textContent="not connected";}
  setTimeout(look,1000);
}
look();
"""
PAGE = Template(
    "<!DOCTYPE html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>$title</title><style nonce=$nonce>" + _STYLE + "</style>"
    "<header><h1 id=title>$title</h1><span id=state role=status></span>"
    "<nav id=pager aria-label=Pages>$pager</nav></header>"
    "<main id=grid tabindex=0>$table</main><footer><nav id=tabs aria-label=Sheets>$tabs</nav></footer>"
    "<script nonce=$nonce>" + _SCRIPT + "</script></html>"
)
START = Template(
    "<!DOCTYPE html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>Spreadsheets</title><style nonce=$nonce>" + _STYLE + "</style>"
    "<header><h1>Spreadsheets on this machine</h1></header><main><ul>$files</ul></main></html>"
)
