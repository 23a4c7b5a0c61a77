-- In HTML: each number, table and figure that has an entry in the annex of origins (annex.py) links to it, and works so
-- without a script; html/origins.js shows the entry's data at once. Runs after data.lua, before page.lua.

if not FORMAT:match("html") then
  return {}
end

local ANCHOR = "origin-"

local function entries_of(doc)
  local entries = {}
  doc:walk({
    Span = function(span)
      if span.identifier:sub(1, #ANCHOR) == ANCHOR then
        entries[span.identifier:sub(#ANCHOR + 1)] = true
      end
    end,
  })
  return entries
end

local function linked(span, entries)
  local name = span.attributes["data-name"] or span.attributes.name
  if not (span.classes:includes("value") and entries[name]) then
    return nil
  end
  local link = pandoc.Link(span.content, "#" .. ANCHOR .. name, "", pandoc.Attr("", { "origin-link" }))
  link.attributes["data-origin"] = name
  link.attributes["aria-describedby"] = "origin-hint"
  span.content = { link }
  return span
end

-- In the row below a table or figure, where its data stand to download (data.lua).
local function with_link(float, entries)
  if not entries[float.identifier] then
    return nil
  end
  local label, name = float.identifier, float.attributes.name
  local link = '<p class="whence"><a href="#' .. ANCHOR .. label .. '" data-origin="' .. label
    .. '">Where this comes from<span class="visually-hidden">: ' .. name .. "</span></a></p>"
  local last = #float.content
  local row = last > 0 and float.content[last].t == "RawBlock" and float.content[last].text == "</div>"
  if row then
    float.content:insert(last, pandoc.RawBlock("html", link))
  else
    float.content:insert(pandoc.RawBlock("html", '<div class="data">' .. link .. "</div>"))
  end
  return float
end

function Pandoc(doc)
  local entries = entries_of(doc)
  if not next(entries) then
    return nil
  end
  doc.meta.origins = true
  -- A heading is a link's text in the contents, a caption names its table: they stay plain, as does a link.
  local function stays(element)
    return element, false
  end
  return doc:walk({
    traverse = "topdown",
    Header = stays,
    Link = stays,
    Span = function(span)
      local link = linked(span, entries)
      if link then
        return link, false
      end
    end,
    Div = function(div)
      if div.classes:includes("float") then
        return with_link(div, entries)
      end
      if div.classes:includes("caption") or div.classes:includes("heading-block") then
        return div, false
      end
    end,
  })
end
