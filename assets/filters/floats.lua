-- In HTML, one shape for the labelled figures and tables of both engines, whatever was wrapped around them:
-- a block of the class `float` with the label as its identifier and "Figure 3" as its name, in which a block of the
-- class `caption` comes first. data.lua adds to it, page.lua writes it. Quarto runs this last (`post-render`).

if not FORMAT:match("html") then
  return {}
end

local function is_label(identifier)
  return identifier:match("^fig%-") or identifier:match("^tbl%-")
end

local function float(label, caption, content)
  local blocks = pandoc.Blocks({ pandoc.Div({ pandoc.Plain(caption) }, pandoc.Attr("", { "caption" })) })
  blocks:extend(content)
  local name = pandoc.utils.stringify(caption):match("^(%a+\u{a0}%d+)")
  return pandoc.Div(blocks, pandoc.Attr(label, { "float" }, { name = name })), false
end

local function opens_caption(block)
  return block and block.t == "RawBlock" and block.text:match("^<figcaption")
end

-- What Quarto puts around an embedded cell. It names folders of the machine, and the seconds a notebook took.
local WRAPPERS = { "quarto-embed-nb-cell", "cell", "cell-output", "quarto-scaffold" }

local function unwrapped(div)
  if is_label(div.identifier) or opens_caption(div.content[1]) then
    return nil
  end
  for _, class in ipairs(WRAPPERS) do
    if div.classes:includes(class) then
      return div.content
    end
  end
  return div.attributes["aria-describedby"] and div.content
end

-- Quarto writes the figure's tags as raw HTML around caption and content.
local function of_quarto(div)
  local caption = pandoc.Inlines({})
  local content = pandoc.Blocks({})
  for _, block in ipairs(div.content) do
    if block.t == "Div" and opens_caption(block.content[1]) then
      caption = block.content[2].content
    elseif block.t ~= "RawBlock" then
      content:insert(block)
    end
  end
  return float(div.identifier, caption, content)
end

-- The bundled engine leaves a figure, or a table with its notes in a block.
local function of_bundled(block, content)
  local caption = pandoc.utils.blocks_to_inlines(block.caption.long)
  local label = block.identifier
  if block.t == "Table" then
    block.caption = { long = {} }
    block.identifier = ""
  end
  return float(label, caption, content)
end

return {
  { Div = unwrapped },
  {
    traverse = "topdown",
    Div = function(div)
      if is_label(div.identifier) then
        return of_quarto(div)
      end
      if div.classes:includes("table-block") then
        local tbl = div.content:find_if(function(block)
          return block.t == "Table"
        end)
        return of_bundled(tbl, div.content)
      end
    end,
    Figure = function(figure)
      if is_label(figure.identifier) then
        return of_bundled(figure, figure.content)
      end
    end,
    Table = function(tbl)
      if is_label(tbl.identifier) then
        return of_bundled(tbl, { tbl })
      end
    end,
  },
}
