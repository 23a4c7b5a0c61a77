-- Quarto wraps each labelled table and figure of a Word document in a table of one cell, which a screen
-- reader announces as a table. Quarto runs this last (`post-render`); the bundled engine makes none.

local function only_cell(tbl)
  local rows = 0
  local found
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.body) do
      rows = rows + 1
      found = #row.cells == 1 and row.cells[1] or nil
    end
  end
  return rows == 1 and #tbl.colspecs == 1 and #tbl.head.rows == 0 and found or nil
end

local function styled(inlines, style)
  return pandoc.Div({ pandoc.Para(inlines) }, pandoc.Attr("", {}, { ["custom-style"] = style }))
end

-- Quarto writes the properties of a caption's paragraph as text of it, and names them all Image Caption.
local function as_caption(block)
  local first = block.content[1]
  if not (first and first.t == "RawInline" and first.text:match("ImageCaption")) then
    return nil
  end
  local inlines = block.content:clone()
  inlines:remove(1)
  local is_table = pandoc.utils.stringify(inlines):match("^Table")
  return styled(inlines, is_table and "Table Caption" or "Image Caption")
end

local function as_picture(block)
  if #block.content == 1 and block.content[1].t == "Image" then
    return styled(block.content, "Captioned Figure")
  end
end

local function restyle(block)
  return as_caption(block) or as_picture(block)
end

if not FORMAT:match("docx") then
  return {}
end

return {
  {
    traverse = "topdown",
    Table = function(tbl)
      local cell = only_cell(tbl)
      return cell and cell.contents:walk({ Para = restyle, Plain = restyle })
    end,
  },
}
