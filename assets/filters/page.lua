-- In HTML: figures and tables as a browser and a screen reader want them, links to headings, the contents list
-- of a narrow screen. All without a script. Runs after data.lua.

if not FORMAT:match("html") then
  return {}
end

local CONTENTS_DEPTH = 3 -- the title is the first level; like the contents at the side
local ROOM = 88 -- characters, about, that a row has room for beside the contents
local BETWEEN = 2.5 -- characters between two columns

local function html(text)
  return pandoc.RawBlock("html", text)
end

local function escaped(text)
  return (text:gsub("[&<>\"]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }))
end

-- A total is written in bold in every cell.
local function is_total(row)
  local first = row.cells[1] and row.cells[1].contents[1]
  return first and first.content and #first.content == 1 and first.content[1].t == "Strong"
end

local function with_scopes(tbl)
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do
      cell.attr.attributes.scope = "col"
    end
  end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      for column = 1, body.row_head_columns do
        row.cells[column].attr.attributes.scope = "row"
      end
      if is_total(row) then
        row.attr.classes:insert("total")
      end
    end
  end
  return tbl
end

local function longest_word(tbl, column)
  local longest = 0
  local function measure(rows)
    for _, row in ipairs(rows) do
      for word in pandoc.utils.stringify(row.cells[column].contents):gmatch("%S+") do
        longest = math.max(longest, utf8.len(word) or #word)
      end
    end
  end
  measure(tbl.head.rows)
  for _, body in ipairs(tbl.bodies) do
    measure(body.body)
  end
  return longest
end

-- Whether the text has room for the table, so that it never has to scroll beside the contents list.
local function fits(tbl)
  local needed = 0
  for column = 1, #tbl.colspecs do
    needed = needed + longest_word(tbl, column) + BETWEEN
  end
  return needed <= ROOM
end

-- A table scrolls in a box of its own, which the keyboard reaches and which has a name.
local function scroller(tbl, name)
  local class = fits(tbl) and "scroller fits" or "scroller"
  return {
    html('<div class="' .. class .. '" tabindex="0" ' .. name .. ">"),
    with_scopes(tbl),
    html("</div>"),
  }
end

-- A picture scrolls in a box of its own too, where it would be too small to read.
local function picture(block, name)
  return { html('<div class="picture-box" tabindex="0" role="region" aria-label="' .. name .. '">'), block, html("</div>") }
end

local function has_picture(block)
  return block.content:find_if(function(inline)
    return inline.t == "Image"
  end)
end

-- A caption is "Table 3: **headline.** description": the first two are set off where it is so.
local function set_off(caption)
  local _, at = caption:find_if(function(inline)
    return inline.t == "Strong"
  end)
  local label = at and pandoc.Inlines({ table.unpack(caption, 1, at - 1) })
  if not (label and pandoc.utils.stringify(label):match("^%a+\u{a0}%d+:%s*$")) then
    return caption
  end
  local inlines = pandoc.Inlines({
    pandoc.Span(label, pandoc.Attr("", { "label" })),
    pandoc.Span({ caption[at] }, pandoc.Attr("", { "headline" })),
  })
  inlines:extend({ table.unpack(caption, at + 1) })
  return inlines
end

local function figure(float)
  local label = float.identifier
  local function with_picture(block)
    return has_picture(block) and picture(block, "Picture of " .. float.attributes.name) or nil, false
  end
  local named = 'role="region" aria-labelledby="' .. label .. '-caption"'
  local kind = label:match("^fig%-") and "picture" or "table"
  local blocks = pandoc.Blocks({
    html('<figure id="' .. label .. '" class="' .. kind .. '">'),
    html('<figcaption id="' .. label .. '-caption">'),
  })
  blocks:insert(pandoc.Plain(set_off(float.content:remove(1).content[1].content)))
  blocks:insert(html("</figcaption>"))
  blocks:extend(float.content:walk({
    traverse = "topdown",
    Plain = with_picture,
    Para = with_picture,
    Div = function(div)
      if div.classes:includes("data-table") then
        return scroller(div.content[1], 'role="region" aria-label="' .. escaped(div.attributes.name) .. '"'), false
      end
    end,
    Table = function(tbl)
      return scroller(tbl, named), false
    end,
  }))
  blocks:insert(html("</figure>"))
  return blocks, false
end

local function text_of(header)
  local inlines = header.content:walk({
    Note = function()
      return {}
    end,
    Span = function(span)
      return span.classes:includes("header-section-number") and {} or nil
    end,
  })
  return pandoc.utils.stringify(inlines):match("^%s*(.*)$")
end

-- Beside the heading, not in it, so that the heading is read without it.
local function linked(header)
  if header.identifier == "" then
    return nil
  end
  local label = escaped("Link to this section: " .. text_of(header))
  return {
    html('<div class="heading">'),
    header,
    html('<a class="heading-link" href="#' .. escaped(header.identifier) .. '" aria-label="' .. label .. '"></a>'),
    html("</div>"),
  }, false
end

-- The list at the side has these identifiers already.
local function without_identifiers(list)
  return list:walk({
    Link = function(link)
      link.identifier = ""
      return link
    end,
  })
end

local function contents(doc)
  local list = pandoc.structure.table_of_contents(
    doc.blocks,
    pandoc.WriterOptions({ toc_depth = CONTENTS_DEPTH, number_sections = quarto ~= nil })
  )
  return {
    html('<nav class="contents" aria-label="Contents"><details><summary>Contents</summary>'),
    without_identifiers(list),
    html("</details></nav>"),
  }
end

function Pandoc(doc)
  local unnumbered = 0
  return doc:walk({
    traverse = "topdown",
    Div = function(div)
      if div.classes:includes("float") then
        return figure(div)
      end
      if div.classes:includes("contents") then
        return contents(doc)
      end
    end,
    Header = linked,
    Table = function(tbl)
      unnumbered = unnumbered + 1
      return scroller(tbl, 'role="region" aria-label="Unnumbered table ' .. unnumbered .. '"'), false
    end,
  })
end
