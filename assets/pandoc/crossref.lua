-- Numbers for sections, figures and tables, and references to them, worded as Quarto words them.

local names = { fig = "Figure", tbl = "Table", sec = "Section" }
local nbsp = "\u{a0}"
local numbers = {}
local section = {}
local counts = { fig = 0, tbl = 0 }

local function kind_of(identifier)
  local kind = identifier:match("^(%a+)%-")
  return names[kind] and kind
end

-- The engine (pandoc.py) finds the line by the label.
local function refuse(label, why)
  error("the block #" .. label .. " " .. why, 0)
end

local function number_section(header)
  if header.classes:includes("unnumbered") then
    return
  end
  section[header.level] = (section[header.level] or 0) + 1
  for level = header.level + 1, 6 do
    section[level] = nil
  end
  local parts = {}
  for level = 1, header.level do
    parts[level] = section[level] or 0
  end
  numbers[header.identifier] = table.concat(parts, ".")
end

local function number_float(element)
  local kind = kind_of(element.identifier)
  if (kind == "fig" or kind == "tbl") and not numbers[element.identifier] then
    counts[kind] = counts[kind] + 1
    numbers[element.identifier] = tostring(counts[kind])
  end
end

local function caption_of(identifier, inlines)
  local kind = kind_of(identifier)
  local caption = pandoc.Inlines({ pandoc.Str(names[kind] .. nbsp .. numbers[identifier] .. ":"), pandoc.Space() })
  caption:extend(inlines)
  return { long = { pandoc.Plain(caption) } }
end

local function is_float(identifier)
  local kind = kind_of(identifier)
  return kind == "fig" or kind == "tbl"
end

local function styled(blocks, style)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { ["custom-style"] = style }))
end

-- A div whose last paragraph is the caption of the table or pictures in it.
local function float(div)
  if not is_float(div.identifier) then
    return nil
  end
  local kind = kind_of(div.identifier)
  local last = div.content[#div.content]
  if not last or last.t ~= "Para" then
    refuse(div.identifier, "has no caption: its last paragraph is the caption, a blank line before it")
  end
  local caption = caption_of(div.identifier, div.content:remove(#div.content).content)
  if kind == "fig" then
    local pictures = div.content:map(function(block)
      if block.t ~= "Para" and block.t ~= "Plain" and block.t ~= "Figure" then
        refuse(div.identifier, "holds pictures and their caption, and nothing else")
      end
      return block.t == "Para" and pandoc.Plain(block.content) or block
    end)
    -- Pandoc would make a table of Word's of several, which halves them.
    if FORMAT:match("docx") and #pictures > 1 then
      local blocks = pictures:map(function(block)
        return styled({ pandoc.Para(pandoc.utils.blocks_to_inlines({ block })) }, "Captioned Figure")
      end)
      blocks:insert(styled({ pandoc.Para(caption.long[1].content) }, "Image Caption"))
      return pandoc.Div(blocks, pandoc.Attr(div.identifier))
    end
    return pandoc.Figure(pictures, caption, pandoc.Attr(div.identifier))
  end
  local tbl = div.content:find_if(function(block)
    return block.t == "Table"
  end)
  if not tbl then
    refuse(div.identifier, "holds no table")
  end
  tbl.caption = caption
  tbl.identifier = div.identifier
  local blocks = div.content
  if FORMAT:match("typst") then
    blocks:insert(1, pandoc.RawBlock("typst", "#keep-together["))
    blocks:insert(pandoc.RawBlock("typst", "]"))
  end
  return pandoc.Div(blocks, pandoc.Attr("", { "table-block" }))
end

local function captioned(element)
  if not is_float(element.identifier) then
    return nil
  end
  element.caption = caption_of(element.identifier, pandoc.utils.blocks_to_inlines(element.caption.long))
  return element
end

local function numbered_header(header)
  local number = numbers[header.identifier]
  -- Typst numbers by itself.
  if number and not FORMAT:match("typst") then
    header.content:insert(1, pandoc.Space())
    header.content:insert(1, pandoc.Span({ pandoc.Str(number) }, pandoc.Attr("", { "header-section-number" })))
    return header
  end
end

local function reference(cite)
  local inlines = pandoc.Inlines({})
  for at, citation in ipairs(cite.citations) do
    local number = numbers[citation.id]
    if not number then
      error("the reference @" .. citation.id .. " leads nowhere", 0)
    end
    if at > 1 then
      inlines:extend({ pandoc.Str(","), pandoc.Space() })
    end
    local text = citation.mode == "SuppressAuthor" and number or names[kind_of(citation.id)] .. nbsp .. number
    inlines:insert(pandoc.Link({ pandoc.Str(text) }, "#" .. citation.id))
  end
  return inlines
end

return {
  {
    Pandoc = function(doc)
      doc.blocks:walk({
        traverse = "topdown",
        Header = number_section,
        Div = number_float,
        Figure = number_float,
        Table = number_float,
      })
    end,
  },
  { Header = numbered_header, Figure = captioned, Table = captioned, Cite = reference },
  { Div = float },
}
