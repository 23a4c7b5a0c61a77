-- Callouts, alike in both engines and all formats: a title and a body, without Quarto's icons and without
-- the layout table that Quarto makes of them in Word. Quarto runs this before its own callouts (`pre-ast`).

local titles = {
  ["callout-note"] = "Note",
  ["callout-tip"] = "Tip",
  ["callout-important"] = "Important",
  ["callout-warning"] = "Warning",
  ["callout-caution"] = "Caution",
}

-- The title: an attribute, or a heading that opens the callout, or the kind's name.
local function take_title(div, kind)
  local given = div.attributes.title
  if given then
    return pandoc.utils.blocks_to_inlines(pandoc.read(given, "markdown").blocks)
  end
  local first = div.content[1]
  if first and first.t == "Header" then
    div.content:remove(1)
    return first.content
  end
  return { pandoc.Str(titles[kind]) }
end

function Div(div)
  for kind, _ in pairs(titles) do
    if div.classes:includes(kind) then
      local title = take_title(div, kind)
      local word = kind:sub(#"callout-" + 1)
      if FORMAT:match("typst") then
        local blocks = pandoc.Blocks({ pandoc.RawBlock("typst", '#report-callout("' .. word .. '")[') })
        blocks:insert(pandoc.Plain(title))
        blocks:insert(pandoc.RawBlock("typst", "]["))
        blocks:extend(div.content)
        blocks:insert(pandoc.RawBlock("typst", "]"))
        return blocks
      end
      if FORMAT:match("docx") then
        local head = pandoc.Div({ pandoc.Para(title) }, pandoc.Attr("", {}, { ["custom-style"] = "Callout Title" }))
        local body = pandoc.Div(div.content, pandoc.Attr("", {}, { ["custom-style"] = "Callout" }))
        return { head, body }
      end
      return pandoc.Div(
        { pandoc.Div({ pandoc.Plain(title) }, pandoc.Attr("", { "report-callout-title" })), pandoc.Div(div.content) },
        pandoc.Attr(div.identifier, { "report-callout", word }, { role = "note" })
      )
    end
  end
end
