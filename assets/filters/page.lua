-- In HTML: figures and tables as a browser and a screen reader want them, links to headings, the contents list
-- of a narrow screen, which the template puts first. All without a script. Runs after data.lua.

if not FORMAT:match("html") then
  return {}
end

local CONTENTS_DEPTH = 3 -- the title is the first level; like the contents at the side
-- Characters that a row surely has room for, in a typeface as wide as Arial: on a telephone, and from a tablet on.
-- report.css has the widths of the window.
local ROOM = { { 34, "fits always" }, { 76, "fits" } }
local BETWEEN = 2.5 -- characters between two columns
local SHORT = 15 -- rows, at most, of a table that is not divided between two sheets of paper
local PIXELS = 16 -- in a rem, where the reader has not chosen another size

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

-- Pandoc clips a row's heading to the columns that are headings, so a row across all columns, which heads those
-- below it, becomes the head of a body of its own.
local function divided_by_groups(tbl)
  local bodies = pandoc.List({})
  for _, body in ipairs(tbl.bodies) do
    local part = body:clone()
    part.body = pandoc.List({})
    bodies:insert(part)
    for _, row in ipairs(body.body) do
      if #row.cells == 1 and #tbl.colspecs > 1 then
        part = { attr = pandoc.Attr(), head = { row }, body = pandoc.List({}), row_head_columns = body.row_head_columns }
        bodies:insert(part)
        row.cells[1].attr.attributes.scope = "rowgroup"
      else
        part.body:insert(row)
      end
    end
  end
  tbl.bodies = bodies:filter(function(body)
    return #body.head + #body.body > 0
  end)
  return tbl
end

local function with_scopes(tbl)
  for _, row in ipairs(tbl.head.rows) do
    for _, cell in ipairs(row.cells) do
      cell.attr.attributes.scope = "col"
    end
  end
  for _, body in ipairs(divided_by_groups(tbl).bodies) do
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

-- Where layout.lua lets a word be divided, by an element: a character would be copied with it.
local SPACE = "\u{200b}"

local function with_breaks(str)
  local inlines = pandoc.Inlines({})
  for part in str.text:gsub(SPACE, "\n"):gmatch("[^\n]+") do
    inlines:extend({ pandoc.RawInline("html", "<wbr>"), pandoc.Str(part) })
  end
  return #inlines > 2 and pandoc.Inlines({ table.unpack(inlines, 2) }) or nil
end

local function longest_word(tbl, column)
  local longest = 0
  local function measure(rows)
    for _, row in ipairs(rows) do
      -- A cell across all columns has room, and there are no others beside it.
      local cell = row.cells[column]
      local text = cell and cell.col_span == 1 and pandoc.utils.stringify(cell.contents) or ""
      for word in text:gsub(SPACE, " "):gmatch("%S+") do
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

local function classes_of(tbl)
  -- The annex's, whose columns report.css makes wider than their words.
  if tbl.classes:includes("index") then
    return "scroller"
  end
  local needed = 0
  for column = 1, #tbl.colspecs do
    needed = needed + longest_word(tbl, column) + BETWEEN
  end
  for _, room in ipairs(ROOM) do
    if needed <= room[1] then
      return "scroller " .. room[2]
    end
  end
  return "scroller"
end

-- A box that scrolls, which the keyboard reaches: Safari makes none a stop by itself. Where what it holds has room,
-- report.css takes the box away (`display: contents`), and the stop with it. A group, because so many landmarks
-- would be none.
local function box(classes, name, content)
  return {
    html('<div class="' .. classes .. '" tabindex="0" role="group" aria-label="' .. name .. ', scrolls sideways">'),
    content,
    html("</div>"),
  }
end

-- `named` is an attribute of ARIA and its value.
local function scroller(tbl, name, named)
  tbl.attr.attributes[named[1]] = named[2]
  return box(classes_of(tbl), escaped(name), with_scopes(tbl))
end

-- The author's width in the reader's unit, so that the lettering grows with the text.
local function sized(image)
  local pixels = (image.attributes.width or ""):match("^([%d.]+)p?x?$")
  if pixels then
    image.attributes.width = nil
    image.attributes.style = string.format("width: %grem", tonumber(pixels) / PIXELS)
  end
  return image
end

local function has_picture(block)
  return block.content:find_if(function(inline)
    return inline.t == "Image"
  end)
end

-- A caption is "Table 3: **headline.** description": the first two are set off where it is so, and name the thing.
-- Gives the inlines and the identifiers of what names it.
local function set_off(caption, identifier)
  local _, at = caption:find_if(function(inline)
    return inline.t == "Strong"
  end)
  local name, colon =
    pandoc.utils.stringify({ table.unpack(caption, 1, (at or 1) - 1) }):match("^(%a+\u{a0}%d+)(:%s*)$")
  if not name then
    return caption, identifier
  end
  -- On a line of its own it needs no colon, but is read with one.
  local label = { pandoc.Str(name), pandoc.Span(colon, pandoc.Attr("", { "visually-hidden" })) }
  local inlines = pandoc.Inlines({
    pandoc.Span(label, pandoc.Attr(identifier .. "-label", { "label" })),
    pandoc.Span({ caption[at] }, pandoc.Attr(identifier .. "-headline", { "headline" })),
  })
  inlines:extend({ table.unpack(caption, at + 1) })
  return inlines, identifier .. "-label " .. identifier .. "-headline"
end

local function is_short(content)
  local rows, long = 0, nil
  content:walk({
    Table = function(tbl)
      for _, body in ipairs(tbl.bodies) do
        rows = rows + #body.body
        long = long or body.body:find_if(function(row)
          return row.attr.classes:includes("long")
        end)
      end
    end,
  })
  return rows <= SHORT and not long
end

local function figure(float)
  local label, name = float.identifier, float.attributes.name
  local function with_picture(block)
    return has_picture(block) and box("picture-box", name, block:walk({ Image = sized })) or nil, false
  end
  local caption, names = set_off(float.content:remove(1).content[1].content, label .. "-caption")
  local class = label:match("^fig%-") and "picture" or is_short(float.content) and "table short" or "table"
  local blocks = pandoc.Blocks({
    html('<figure id="' .. label .. '" class="' .. class .. '">'),
    html('<figcaption id="' .. label .. '-caption">'),
    pandoc.Plain(caption),
    html("</figcaption>"),
  })
  blocks:extend(float.content:walk({
    traverse = "topdown",
    Plain = with_picture,
    Para = with_picture,
    Div = function(div)
      if div.classes:includes("data-table") then
        local data = div.attributes.name
        return scroller(div.content[1], data, { "aria-label", data }), false
      end
    end,
    Table = function(tbl)
      return scroller(tbl, name, { "aria-labelledby", names }), false
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
  return pandoc.utils.stringify(inlines):gsub(SPACE, ""):match("^%s*(.*)$")
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
  return pandoc.Blocks({ without_identifiers(list) })
end

function Pandoc(doc)
  doc.meta["narrow-contents"] = contents(doc):walk({ Str = with_breaks })
  local unnumbered = 0
  doc = doc:walk({
    traverse = "topdown",
    Div = function(div)
      if div.classes:includes("float") then
        return figure(div)
      end
      -- The template has them: the place in the text is for paper.
      if div.classes:includes("contents") then
        return {}
      end
    end,
    Header = linked,
    Table = function(tbl)
      local name = tbl.attributes.name
      tbl.attributes.name = nil
      if not name then
        unnumbered = unnumbered + 1
        name = "Unnumbered table " .. unnumbered
      end
      return scroller(tbl, name, { "aria-label", name }), false
    end,
  })
  doc.blocks = doc.blocks:walk({ Str = with_breaks })
  return doc
end
